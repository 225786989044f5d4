// The measurements on one node, each the same for every node.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROGRAMS, connect, freePort, startChain } from '../lib/chain.mjs'
import { WAD, deployStylus } from '../lib/design.mjs'
import { cacheProgram, deployProgram } from '../lib/stylus.mjs'
import { ROOT, bin, viem } from '../lib/tools.mjs'
import { artifact } from '../../evm/build.mjs'
import { load } from './load.mjs'

/** How many connections and how large a batch. */
const SINGLES = { connections: 8, batch: 1 }
const BATCHES = { connections: 4, batch: 100 }
/** One connection: anvil, asked for blocks from several at once, was seen to hang. */
const FILL = { connections: 1, batch: 500, mine: true }
const CALL_CONNECTIONS = [1, 8]
/** Rounds that a computing program makes in one call. */
export const MIX_ROUNDS = 3_000_000
/** A unit of token for each transfer, and more. */
const EACH_SENDER = WAD
/** Anvil left alone writes every old state to disk, gigabytes in such a run. */
const EXTRA_ARGS = { anvil: ['--prune-history', '256'] }
const BYTES_PER_KIB = 1_024
const BYTES_PER_MIB = 1_024 * 1_024

const rate = ({ perSecond }) => perSecond
const hostOf = (rpcUrl) => new URL(rpcUrl).host

/** Milliseconds from start to first answer, the median of `runs`. */
export async function readiness(kind, runs) {
  const { command, args } = PROGRAMS[kind]
  const port = await freePort()
  const program = [command, ...args, '412346', '--port', String(port)]
  return (await load('ready', { host: `127.0.0.1:${port}`, runs }, program)).medianMs
}

/** Transfers and calls of a Solidity ERC-20, and the memory at rest and after `count` transfers. */
export function erc20(kind, { count, each, seconds, say }) {
  return withErc20(kind, async (token, chain, pid) => {
    const idle = memory(pid)
    const calls = await callsOf(token, chain, seconds)
    say(`calls ${JSON.stringify(calls)}`)
    const rates = await transfersOf(token, chain, each)
    const filled = await fill(token, chain, count - 2 * each)
    say(`transfers ${JSON.stringify({ ...rates, filled })}`)
    return { ...rates, filled, calls, memory: { idle, loaded: memory(pid) } }
  })
}

/** Calls of a Solidity ERC-20 alone. */
export function erc20Calls(kind, { seconds }) {
  return withErc20(kind, (token, chain) => callsOf(token, chain, seconds))
}

/** Runs `act` on a node of its own where a Solidity ERC-20 is deployed and every sender has some of it. */
async function withErc20(kind, act) {
  const { rpcUrl, pid, stop } = await startChain(kind, { extraArgs: EXTRA_ARGS[kind] })
  try {
    const chain = await connect(rpcUrl)
    const [owner] = chain.accounts
    const token = await chain.deploy(owner, artifact('VVV'))
    for (const { address } of senders(chain)) await chain.write(owner, token, 'mint', [address, EACH_SENDER])
    return await act(token, chain, pid)
  } finally {
    stop()
  }
}

/** Transfers and calls of DIEM on one of our nodes, and the memory after `count` transfers. */
export async function diem(kind, { count, each, seconds, say }) {
  const { rpcUrl, pid, stop } = await startChain(kind)
  try {
    const chain = await connect(rpcUrl)
    const [owner] = chain.accounts
    const { vvv, sVvv, diem: token } = await deployStylus(chain)
    for (const { address } of [vvv, sVvv, token]) await cacheProgram(chain, owner, address)
    await mintDiem(chain, { vvv, sVvv, token })
    const calls = await callsOf(token, chain, seconds)
    say(`calls ${JSON.stringify(calls)}`)
    const rates = await transfersOf(token, chain, each)
    const filled = await fill(token, chain, count - 2 * each)
    say(`transfers ${JSON.stringify({ ...rates, filled })}`)
    return { ...rates, filled, calls, memory: { loaded: memory(pid) } }
  } finally {
    stop()
  }
}

/** Microseconds of one `eth_call` of a program that does nothing but compute, the median; its start is in it. */
export async function compute(kind, { seconds }) {
  const { rpcUrl, stop } = await startChain(kind)
  try {
    const chain = await connect(rpcUrl)
    const module = join(ROOT, 'target', 'wasm', 'mix.wasm')
    execFileSync(bin('wasm-as'), [join(ROOT, 'bench', 'node', 'mix.wat'), '-o', module])
    const { address } = await deployProgram(chain, chain.accounts[0], { file: 'mix', constructor: null })
    const data = viem.toHex(new Uint8Array(new Uint32Array([MIX_ROUNDS]).buffer))
    const { p50Us } = await load('calls', { host: hostOf(rpcUrl), to: address, data, connections: 1, seconds })
    return p50Us
  } finally {
    stop()
  }
}

/** A block for each transaction as it comes: one request each, then batches. */
async function transfersOf({ address }, { rpcUrl }, count) {
  const host = hostOf(rpcUrl)
  return {
    single: rate(await load('transfers', { host, token: address, count, ...SINGLES })),
    batched: rate(await load('transfers', { host, token: address, count, ...BATCHES })),
  }
}

/** Blocks of 500, made when asked for. */
async function fill({ address }, { rpcUrl, rpc }, count) {
  await rpc('evm_setAutomine', [false])
  const filled = await load('transfers', { host: hostOf(rpcUrl), token: address, count, ...FILL })
  await rpc('evm_setAutomine', [true])
  return rate(filled)
}

async function callsOf({ address, abi }, { rpcUrl, accounts }, seconds) {
  const data = viem.encodeFunctionData({ abi, functionName: 'balanceOf', args: [accounts[0].address] })
  const figures = {}
  for (const connections of CALL_CONNECTIONS) {
    figures[connections] = await load('calls', { host: hostOf(rpcUrl), to: address, data, connections, seconds })
  }
  return figures
}

/** The accounts that the load generator sends from. */
function senders({ accounts }) {
  return accounts.slice(0, Math.max(SINGLES.connections, BATCHES.connections))
}

/** The owner stakes VVV, mints DIEM and gives every sender some. */
async function mintDiem(chain, { vvv, sVvv, token }) {
  const [owner] = chain.accounts
  const stake = 10_000n * WAD
  await chain.write(owner, vvv, 'mint', [owner.address, stake])
  await chain.write(owner, vvv, 'approve', [sVvv.address, stake])
  await chain.write(owner, sVvv, 'stake', [owner.address, stake])
  await chain.write(owner, token, 'mint', [stake, 0n])
  for (const { address } of senders(chain)) await chain.write(owner, token, 'transfer', [address, EACH_SENDER])
}

/** MiB of memory that a process holds now. */
function memory(pid) {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return (Number(kib) * BYTES_PER_KIB) / BYTES_PER_MIB
}

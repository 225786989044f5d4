// Our gateway on a dev node: the contracts, holders who have chosen it, their keys.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, startChain, connect } from '../lib/chain.mjs'
import { WAD, deployStylus } from '../lib/design.mjs'
import { cacheProgram } from '../lib/stylus.mjs'
import { ROOT, viem, viemAccounts } from '../lib/tools.mjs'
import { answers, serve } from './server.mjs'

const BIN = join(ROOT, 'crates', 'target', 'release', 'diem-gateway')
const DAY = 86_400
const STAKE = 1_000_000n * WAD
/** As often as anybody likes. */
const NO_LIMIT = 4_000_000_000
/** Dollars for the gateway's own gas, in wei. */
const GAS_MONEY = viem.toHex(10n * WAD)

/** A node where the owner holds DIEM and a day has just begun. Resolves to {chain, diem, sVvv, owner, stop}. */
export async function stage() {
  const { rpcUrl, stop } = await startChain('devnode')
  const chain = await connect(rpcUrl)
  const [owner] = chain.accounts
  const { vvv, sVvv, diem } = await deployStylus(chain)
  for (const { address } of [vvv, sVvv, diem]) await cacheProgram(chain, owner, address)
  await chain.write(owner, vvv, 'mint', [owner.address, STAKE])
  await chain.write(owner, vvv, 'approve', [sVvv.address, STAKE])
  await chain.write(owner, sVvv, 'stake', [owner.address, STAKE])
  await chain.write(owner, diem, 'mint', [STAKE / 2n, 0n])
  await chain.warp(BigInt(DAY) - ((await chain.now()) % BigInt(DAY)))
  return { chain, diem, owner, stop }
}

/** Gives an account gas money. */
export const pay = (chain, { address }) => chain.rpc('anvil_setBalance', [address, GAS_MONEY])

/**
 * Starts a gateway with a journal at `ledger` before `upstream`, and gives each of the first holders so many dollars a
 * day. Resolves to {base, keys, stop, memory, cpu}.
 */
export async function ours(folder, { set, upstream, models, ledger, dollars, name }) {
  const { chain, diem, owner } = set
  const place = join(folder, name)
  mkdirSync(place)
  const secret = viemAccounts.generatePrivateKey()
  const account = viemAccounts.privateKeyToAccount(secret)
  await pay(chain, account)
  await chain.write(owner, diem, 'setGateway', [account.address, true])
  const holders = dollars.map(() => viemAccounts.privateKeyToAccount(viemAccounts.generatePrivateKey()))
  for (const [index, holder] of holders.entries()) {
    await pay(chain, holder)
    const stake = BigInt(dollars[index]) * WAD
    await chain.write(owner, diem, 'transfer', [holder.address, stake])
    await chain.write(holder, diem, 'chooseGateway', [account.address])
    await chain.write(holder, diem, 'stake', [stake])
  }

  writeFileSync(join(place, 'gateway.key'), secret, { mode: 0o600 })
  const prices = Object.entries(models).map(([model, { input, output }]) => `[models.${model}]\ninput = "${input}"\noutput = "${output}"\n`)
  writeFileSync(join(place, 'prices.toml'), prices.join('\n'))
  const settings = `prices = ["prices.toml"]
key_file = "gateway.key"
[chain]
devnet = true
[limits]
requests_per_minute = ${NO_LIMIT}
address_requests_per_minute = ${NO_LIMIT}
[[upstream]]
url = "${upstream}"
`
  writeFileSync(join(place, 'gateway.toml'), settings)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const args = ['--log', 'warn', 'serve', '--config', 'gateway.toml', '--listen', `127.0.0.1:${port}`, '--ledger', ledger ?? 'sqlite:journal.db']
  const server = await serve(BIN, [...args, '--rpc', chain.rpcUrl, '--chain-id', String(chain.chainId), '--diem', diem.address], {
    cwd: place,
    env: { PATH: process.env.PATH },
    log: join(folder, `${name}.log`),
    ready: answers(`${url}/readyz`),
  })
  const keys = await Promise.all(holders.map((holder) => makeKey(url, holder)))
  return { ...server, base: `${url}/v1`, keys }
}

/** The stand-in that all of them ask. Resolves to {base, stop, memory, cpu}. */
export async function standIn(folder) {
  const port = await freePort()
  const base = `http://127.0.0.1:${port}/v1`
  const server = await serve(BIN, ['stand-in', '--listen', `127.0.0.1:${port}`], {
    env: { PATH: process.env.PATH },
    log: join(folder, 'stand-in.log'),
    ready: answers(`${base}/models`),
  })
  return { ...server, base, key: 'none' }
}

/** A key for a wallet's signature. */
async function makeKey(url, holder) {
  const door = `${url}/api/v1/api_keys/generate_web3_key`
  const given = await told(await fetch(`${door}?address=${holder.address}`))
  const token = given.data.token
  const signature = await holder.signMessage({ message: token })
  const body = JSON.stringify({ address: holder.address, token, signature, apiKeyType: 'INFERENCE' })
  const made = await told(await fetch(door, { method: 'POST', headers: { 'content-type': 'application/json' }, body }))
  return made.data.apiKey
}

async function told(response) {
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text}`)
  return JSON.parse(text)
}

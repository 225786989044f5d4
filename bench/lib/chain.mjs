// A local chain to work against: start one (anvil or our node) on a free port, or use one that runs.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { ROOT, nativeBin, viem, viemAccounts } from './tools.mjs'

/** The mnemonic every dev node serves; its accounts hold 10,000 ETH each. */
export const MNEMONIC = 'test test test test test test test test test test test junk'
const START_TIMEOUT_MS = 15_000
const POLL_MS = 25
/** Gas limit of calls that are not estimated first. */
const ACT_GAS = 20_000_000n

/** How the nodes are called; the port and further arguments follow. */
export const PROGRAMS = {
  anvil: { command: nativeBin('anvil'), args: ['--silent', '--gas-limit', '1000000000', '--chain-id'] },
  devnode: { command: join(ROOT, 'crates', 'target', 'release', 'stylus-devnode'), args: ['--silent', '--chain-id'] },
}

/** A TCP port that nobody listens on. */
export async function freePort() {
  const server = createServer()
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address()
  await new Promise((done) => server.close(done))
  return port
}

/** Starts `anvil` or `devnode` and resolves to {rpcUrl, pid, stop}. */
export async function startChain(kind, { chainId = 412346, extraArgs = [] } = {}) {
  const { command, args } = PROGRAMS[kind]
  const port = await freePort()
  const child = spawn(command, [...args, String(chainId), '--port', String(port), ...extraArgs], {
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true, // a group of its own, so that Ctrl-C reaches the script first
  })
  let failure
  let running = true
  const stop = () => {
    if (running) process.kill(-child.pid, 'SIGKILL')
    running = false
  }
  child.on('error', (error) => ((failure = error), (running = false)))
  child.on('exit', (code) => ((failure ??= new Error(`${kind} ended with code ${code}`)), (running = false)))
  process.on('exit', stop)
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
  const rpcUrl = `http://127.0.0.1:${port}`
  const deadline = Date.now() + START_TIMEOUT_MS
  while (!(await answers(rpcUrl))) {
    if (failure) throw failure
    if (Date.now() > deadline) throw new Error(`${kind} did not answer on ${rpcUrl}`)
    await new Promise((done) => setTimeout(done, POLL_MS))
  }
  return { rpcUrl, pid: child.pid, stop }
}

async function answers(rpcUrl) {
  try {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] })
    const response = await fetch(rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    return response.ok
  } catch {
    return false
  }
}

/**
 * One object for everything a script does with a chain: reads, writes that wait for their receipt, time, accounts.
 * A write that reverts throws with the decoded error.
 */
export async function connect(rpcUrl) {
  const { createPublicClient, createWalletClient, defineChain, http } = viem
  const transport = http(rpcUrl, { timeout: 120_000, retryCount: 0 })
  const chainId = await createPublicClient({ transport }).getChainId()
  const chain = defineChain({
    id: chainId,
    name: `local ${chainId}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
  const publicClient = createPublicClient({ chain, transport, pollingInterval: 10, cacheTime: 0 })
  const accounts = Array.from({ length: 10 }, (_, addressIndex) =>
    viemAccounts.mnemonicToAccount(MNEMONIC, { addressIndex }),
  )
  const walletClient = createWalletClient({ chain, transport })
  const rpc = (method, params = []) => publicClient.request({ method, params })

  async function send(account, request) {
    const hash = await walletClient.sendTransaction({ account, ...request })
    const receipt = await publicClient.waitForTransactionReceipt({ hash })
    if (receipt.status !== 'success') {
      throw Object.assign(new Error(`transaction ${hash} reverted`), { receipt })
    }
    return receipt
  }

  return {
    rpcUrl,
    chainId,
    publicClient,
    walletClient,
    accounts,
    rpc,
    send,
    /** Deploys an artifact and returns {address, abi, gasUsed}. */
    async deploy(account, { abi, bytecode }, args = []) {
      const receipt = await send(account, { data: viem.encodeDeployData({ abi, bytecode, args }) })
      const code = await publicClient.getCode({ address: receipt.contractAddress })
      return { address: receipt.contractAddress, abi, gasUsed: receipt.gasUsed, codeBytes: viem.size(code) }
    },
    /** Sends `contract.functionName(...args)` with the client's own estimate; simulated first, so that a revert carries its typed error. */
    async write(account, contract, functionName, args = []) {
      const { address, abi } = contract
      await publicClient.simulateContract({ account, address, abi, functionName, args })
      return send(account, { to: address, data: viem.encodeFunctionData({ abi, functionName, args }) })
    },
    /** As `write`, from a {contract, functionName, args}; not simulated, with a fixed gas limit. */
    act: (account, { contract: { address, abi }, functionName, args }) =>
      send(account, { to: address, data: viem.encodeFunctionData({ abi, functionName, args }), gas: ACT_GAS }),
    read: ({ address, abi }, functionName, args = []) =>
      publicClient.readContract({ address, abi, functionName, args }),
    async now() {
      return (await publicClient.getBlock({ blockTag: 'latest' })).timestamp
    },
    /** Moves the clock and mines a block at the new time. */
    async warp(seconds) {
      await rpc('evm_increaseTime', [Number(seconds)])
      await rpc('evm_mine')
    },
  }
}

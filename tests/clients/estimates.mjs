// viem, ethers and cast, unmodified: an estimate made in the second in which somebody else touched the pool is enough in
// the next one, with no headroom: node estimates.mjs <rpc url> <vvv> <sVvv> <diem> <toucher's key> <key> <key>
//
// The toucher and both others hold VVV and have approved sVVV. The first of them begins before anything was ever emitted.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const root = new URL('../../', import.meta.url)
const require = createRequire(new URL('tools/package.json', root))
const viem = require('viem')
const { privateKeyToAccount } = require('viem/accounts')
const ethers = require('ethers')
const castBinary = fileURLToPath(new URL('tools/node_modules/.bin/cast', root))
const abi = (name) => JSON.parse(readFileSync(fileURLToPath(new URL(`abi/${name}.json`, root)), 'utf8'))

const [url, vvv, sVvv, diem, ...keys] = process.argv.slice(2)
const abis = { [vvv]: abi('IVVV'), [sVvv]: abi('IStakedVvv'), [diem]: abi('IDiem') }
const [toucher, ...subjects] = keys.map((key) => privateKeyToAccount(key))
const ether = viem.parseEther

const transport = viem.http(url)
const id = await viem.createPublicClient({ transport }).getChainId()
const nativeCurrency = { name: 'Ether', symbol: 'ETH', decimals: 18 }
const chain = viem.defineChain({ id, name: 'devnode', nativeCurrency, rpcUrls: { default: { http: [url] } } })
const reader = viem.createPublicClient({ chain, transport, pollingInterval: 20 })
const wallet = viem.createWalletClient({ chain, transport })
const provider = new ethers.JsonRpcProvider(url, id, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 20 })
const signers = keys.map((key) => new ethers.Wallet(key, provider))

const rpc = (method, params) => reader.request({ method, params })
const now = async () => Number((await reader.getBlock()).timestamp)
const pin = (timestamp) => rpc('evm_setNextBlockTimestamp', [timestamp])
const waited = async (hash) => (await reader.waitForTransactionReceipt({ hash })).status === 'success'

/** Each client: how it estimates a call, and how it sends it with that gas. */
const clients = {
  viem: (account, address, functionName, args) => {
    const call = { account, address, abi: abis[address], functionName, args }
    return {
      estimate: () => reader.estimateContractGas(call),
      send: async (gas) => waited(await wallet.writeContract({ ...call, gas })),
    }
  },
  ethers: (account, address, functionName, args) => {
    const signer = signers[keys.findIndex((key) => privateKeyToAccount(key).address === account.address)]
    const method = new ethers.Contract(address, abis[address], signer).getFunction(functionName)
    return {
      estimate: () => method.estimateGas(...args),
      send: async (gasLimit) => waited((await method(...args, { gasLimit })).hash),
    }
  },
  cast: (account, address, functionName, args) => {
    const item = abis[address].find((entry) => entry.type === 'function' && entry.name === functionName)
    const signature = `${functionName}(${item.inputs.map((input) => input.type).join(',')})`
    const key = keys.find((candidate) => privateKeyToAccount(candidate).address === account.address)
    const cast = (...words) => execFileSync(castBinary, [...words, '--rpc-url', url], { encoding: 'utf8' }).trim()
    const call = [address, signature, ...args.map(String)]
    return {
      estimate: () => BigInt(cast('estimate', ...call, '--from', account.address)),
      send: (gas) => /^status +1/m.test(cast('send', ...call, '--private-key', key, '--gas-limit', String(gas))),
    }
  },
}

/** The pool calls of a newcomer's life, in an order in which each can succeed. */
const life = (account) => [
  [sVvv, 'stake', [account.address, ether('1000')]],
  [diem, 'mint', [ether('450'), 0n]],
  [sVvv, 'mintDiem', [ether('270'), 0n]],
  [diem, 'burn', [ether('1')]],
  [sVvv, 'burnDiem', [ether('1')]],
  [sVvv, 'claim', []],
  [diem, 'claimYield', []],
  [sVvv, 'claimAndStake', []],
  [diem, 'collectFees', []],
  [sVvv, 'initiateUnstake', [ether('1')]],
  [diem, 'stake', [ether('2')]],
  [diem, 'initiateUnstake', [ether('1')]],
]

let held = 0
for (const [name, client] of Object.entries(clients)) {
  const start = await rpc('evm_snapshot', [])
  for (const account of subjects) {
    for (const [address, functionName, args] of life(account)) {
      const second = (await now()) + 10
      await pin(second)
      const touch = { account: toucher, address: sVvv, abi: abis[sVvv], functionName: 'stake', args: [toucher.address, 1n] }
      assert(await waited(await wallet.writeContract({ ...touch, gas: 1_000_000n })))
      assert.equal(await now(), second)
      await pin(second)
      const { estimate, send } = client(account, address, functionName, args)
      const gas = await estimate()
      await pin(second + 1)
      assert(await send(gas), `${functionName} by ${name}, estimated at ${gas}, failed a second later`)
      assert.equal(await now(), second + 1)
      held += 1
    }
  }
  await rpc('evm_revert', [start])
}
assert.equal(held, 3 * subjects.length * life(subjects[0]).length)
console.log('all estimates hold')

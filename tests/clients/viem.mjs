// viem, unmodified, against the node: node viem.mjs <rpc url> <vvv> <sVvv> <diem> <private key>
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const root = new URL('../../', import.meta.url)
const require = createRequire(new URL('tools/package.json', root))
const { createPublicClient, createWalletClient, defineChain, http, parseEther, BaseError, ContractFunctionRevertedError } =
  require('viem')
const { privateKeyToAccount } = require('viem/accounts')
const abi = (name) => JSON.parse(readFileSync(fileURLToPath(new URL(`abi/${name}.json`, root)), 'utf8'))

const [url, vvv, sVvv, diem, key] = process.argv.slice(2)
const account = privateKeyToAccount(key)
const transport = http(url)
const id = await createPublicClient({ transport }).getChainId()
const nativeCurrency = { name: 'Ether', symbol: 'ETH', decimals: 18 }
const chain = defineChain({ id, name: 'devnode', nativeCurrency, rpcUrls: { default: { http: [url] } } })
const reader = createPublicClient({ chain, transport, pollingInterval: 20 })
const wallet = createWalletClient({ account, chain, transport })

const tokens = { vvv: [vvv, abi('IVVV')], sVvv: [sVvv, abi('IStakedVvv')], diem: [diem, abi('IDiem')] }
const at = (token, functionName, args = []) => ({ address: tokens[token][0], abi: tokens[token][1], functionName, args })
const read = (...call) => reader.readContract(at(...call))
async function write(...call) {
  const hash = await wallet.writeContract(at(...call))
  const receipt = await reader.waitForTransactionReceipt({ hash })
  assert.equal(receipt.status, 'success')
  return receipt
}

await write('vvv', 'mint', [account.address, parseEther('1000')])
await write('vvv', 'approve', [sVvv, parseEther('1000')])
await write('sVvv', 'stake', [account.address, parseEther('1000')])
const quote = await read('diem', 'previewMint', [parseEther('900')])
const { result } = await reader.simulateContract({ ...at('diem', 'mint', [parseEther('900'), quote]), account })
assert.equal(result, quote)
const { blockNumber } = await write('diem', 'mint', [parseEther('900'), quote])
assert.equal(await read('diem', 'balanceOf', [account.address]), quote)
assert.deepEqual((await read('diem', 'position', [account.address])).slice(0, 2), [parseEther('900'), quote])

const [minted] = await reader.getContractEvents({ address: diem, abi: abi('IDiem'), eventName: 'Minted', fromBlock: blockNumber })
assert.equal(minted.args.diemOut, quote)

try {
  await reader.simulateContract({ ...at('diem', 'mint', [parseEther('50'), parseEther('50')]), account })
  assert.fail('a mint below its minimum was accepted')
} catch (error) {
  const revert = error instanceof BaseError && error.walk((cause) => cause instanceof ContractFunctionRevertedError)
  assert.equal(revert?.data?.errorName, 'SlippageExceeded', String(error))
  assert.equal(revert.data.args[1], parseEther('50'))
}
console.log('all checks hold')

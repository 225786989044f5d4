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

/** The typed error with which a call is refused. */
async function refusal(...call) {
  try {
    await reader.simulateContract({ ...at(...call), account })
  } catch (error) {
    const revert = error instanceof BaseError && error.walk((cause) => cause instanceof ContractFunctionRevertedError)
    assert.ok(revert?.data, String(error))
    return revert.data
  }
  return assert.fail(`${call[1]} was accepted`)
}
const short = await refusal('diem', 'mint', [parseEther('50'), parseEther('50')])
assert.equal(short.errorName, 'SlippageExceeded')
assert.equal(short.args[1], parseEther('50'))

// Credit: chosen for before it is there, which counts at once; firm for the day when it leaves.
const stranger = '0x000000000000000000000000000000000000dEaD'
const unknown = await refusal('diem', 'chooseGateway', [stranger])
assert.deepEqual([unknown.errorName, unknown.args], ['UnknownGateway', [stranger]])
const nobody = '0x0000000000000000000000000000000000000000'
await write('diem', 'chooseGateway', [nobody])
await write('diem', 'stake', [parseEther('5')])
await write('diem', 'initiateUnstake', [parseEther('2')])
const [epoch, allowance, used, gateway, nextAllowance, nextGateway] = await read('diem', 'lineOf', [account.address])
assert.deepEqual([allowance, used, gateway], [parseEther('5'), 0n, nobody])
assert.deepEqual([nextAllowance, nextGateway], [parseEther('3'), nobody])
const foreign = await refusal('diem', 'settle', [epoch, account.address, 1n])
assert.deepEqual([foreign.errorName, foreign.args], ['OnlyGateway', [account.address]])
console.log('all checks hold')

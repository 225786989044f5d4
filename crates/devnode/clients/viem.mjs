// viem, unmodified, against the node: node viem.mjs <http url> <ws url>
import assert from 'node:assert/strict'
import { ABI, BYTECODE, KEY, MULTICALL3, require, run } from './probe.mjs'

const viem = require('viem')
const { privateKeyToAccount } = require('viem/accounts')
const [url, wsUrl] = process.argv.slice(2)
const abi = viem.parseAbi(ABI)
const account = privateKeyToAccount(KEY)
const id = await viem.createPublicClient({ transport: viem.http(url) }).getChainId()
const nativeCurrency = { name: 'Ether', symbol: 'ETH', decimals: 18 }
const chain = viem.defineChain({
  id,
  name: 'devnode',
  nativeCurrency,
  rpcUrls: { default: { http: [url] } },
  contracts: { multicall3: { address: MULTICALL3 } },
})
const options = { chain, transport: viem.http(url), pollingInterval: 20 }
const reader = viem.createPublicClient(options)
const wallet = viem.createWalletClient({ ...options, account })
const tester = viem.createTestClient({ ...options, mode: 'anvil' })
const socket = viem.createPublicClient({ chain, transport: viem.webSocket(wsUrl) })
const friend = '0x00000000000000000000000000000000000000f1'

let probe
let setHash
const mined = (hash) => reader.waitForTransactionReceipt({ hash })

await run('viem', {
  'the account has ether': async () => assert.ok((await reader.getBalance(account)) > viem.parseEther('1')),
  'a contract is deployed': async () => {
    const { contractAddress, status } = await mined(await wallet.deployContract({ abi, bytecode: BYTECODE }))
    assert.equal(status, 'success')
    probe = { address: contractAddress, abi }
    assert.ok(viem.size(await reader.getCode(probe)) > 0)
  },
  'ether is sent': async () => {
    await mined(await wallet.sendTransaction({ to: friend, value: 7n }))
    assert.equal(await reader.getBalance({ address: friend }), 7n)
  },
  'a contract is written and read': async () => {
    setHash = await wallet.writeContract({ ...probe, functionName: 'set', args: [41n] })
    assert.equal((await mined(setHash)).logs.length, 1)
    assert.equal(await reader.readContract({ ...probe, functionName: 'value' }), 41n)
  },
  'a custom error arrives with its values': () =>
    assert.rejects(reader.simulateContract({ ...probe, functionName: 'deny', args: [5n], account }), (error) => {
      const { data } = error.walk((cause) => cause instanceof viem.ContractFunctionRevertedError)
      assert.equal(data.errorName, 'Denied')
      assert.deepEqual(data.args, [account.address, 5n])
      return true
    }),
  'a reason arrives': () =>
    assert.rejects(reader.readContract({ ...probe, functionName: 'fail', args: ['no luck'] }), /no luck/),
  'an event is found by its indexed field': async () => {
    const find = (who) => reader.getContractEvents({ ...probe, eventName: 'Set', args: { who }, fromBlock: 0n })
    assert.equal((await find(account.address))[0].args.value, 41n)
    assert.equal((await find(friend)).length, 0)
  },
  'a filter gives each change once': async () => {
    const filter = await reader.createContractEventFilter({ ...probe, eventName: 'Set' })
    await mined(await wallet.writeContract({ ...probe, functionName: 'set', args: [42n] }))
    assert.equal((await reader.getFilterChanges({ filter })).length, 1)
    assert.equal((await reader.getFilterChanges({ filter })).length, 0)
    assert.equal(await reader.uninstallFilter({ filter }), true)
  },
  'events and blocks come over WebSocket': async () => {
    const heads = []
    const stopHeads = socket.watchBlockNumber({ onBlockNumber: (number) => heads.push(number) })
    const event = new Promise((done, fail) => {
      socket.watchContractEvent({ ...probe, eventName: 'Set', onLogs: ([log]) => done(log), onError: fail })
      setTimeout(() => fail(new Error('no event within 5 seconds')), 5_000)
    })
    await socket.getChainId() // both subscriptions are on their way before the transaction
    await new Promise((done) => setTimeout(done, 200))
    const { blockNumber } = await mined(await wallet.writeContract({ ...probe, functionName: 'set', args: [43n] }))
    assert.equal((await event).args.value, 43n)
    assert.ok(heads.includes(blockNumber))
    stopHeads()
  },
  'the fee history has a base fee for each block and the next': async () => {
    const history = await reader.getFeeHistory({ blockCount: 3, rewardPercentiles: [50] })
    assert.equal(history.baseFeePerGas.length, 4)
    assert.equal(history.reward.length, 3)
  },
  'a transaction is traced': async () => {
    const params = [setHash, { tracer: 'callTracer' }]
    const trace = await reader.request({ method: 'debug_traceTransaction', params })
    assert.equal(trace.to, probe.address.toLowerCase())
    assert.equal(trace.type, 'CALL')
  },
  'an access list is made': async () =>
    assert.equal((await reader.createAccessList({ to: probe.address, data: '0x3fa4f245' })).accessList.length, 1),
  'state is overridden for a call': async () => {
    const stateOverride = [{ address: probe.address, stateDiff: [{ slot: viem.zeroHash, value: viem.pad('0x63') }] }]
    assert.equal(await reader.readContract({ ...probe, functionName: 'value', stateOverride }), 99n)
  },
  'many reads go as one, failures among them': async () => {
    const [value, failure] = await reader.multicall({
      contracts: [
        { ...probe, functionName: 'value' },
        { ...probe, functionName: 'fail', args: ['no luck'] },
      ],
    })
    assert.deepEqual(value, { status: 'success', result: 43n })
    assert.equal(failure.status, 'failure')
    assert.match(failure.error.shortMessage, /no luck/)
  },
  'reads at the same time are put together': async () => {
    const batching = viem.createPublicClient({ ...options, batch: { multicall: true } })
    const read = () => batching.readContract({ ...probe, functionName: 'value' })
    assert.deepEqual(await Promise.all([read(), read(), batching.getBalance({ address: friend })]), [43n, 43n, 7n])
  },
  'the test client sets, moves time and goes back': async () => {
    const id = await tester.snapshot()
    await tester.setBalance({ address: friend, value: 9n })
    await tester.increaseTime({ seconds: 1_000 })
    await tester.mine({ blocks: 2 })
    assert.equal(await reader.getBalance({ address: friend }), 9n)
    await tester.revert({ id })
    assert.equal(await reader.getBalance({ address: friend }), 7n)
  },
})

// ethers, unmodified, against the node: node ethers.mjs <http url> <ws url>
import assert from 'node:assert/strict'
import { ABI, BYTECODE, KEY, MULTICALL3, require, run } from './probe.mjs'

const { ethers } = require('ethers')
const [url, wsUrl] = process.argv.slice(2)
const provider = new ethers.JsonRpcProvider(url, undefined, { cacheTimeout: -1, pollingInterval: 20 })
const socket = new ethers.WebSocketProvider(wsUrl)
const wallet = new ethers.NonceManager(new ethers.Wallet(KEY, provider))
const me = await wallet.getAddress()
const friend = '0x00000000000000000000000000000000000000F2'
const within = (milliseconds, promise) =>
  Promise.race([
    promise,
    new Promise((_, fail) => setTimeout(() => fail(new Error(`nothing within ${milliseconds} ms`)), milliseconds)),
  ])

let probe
let setHash

await run('ethers', {
  'the account has ether': async () => assert.ok((await provider.getBalance(me)) > ethers.parseEther('1')),
  'a contract is deployed': async () => {
    probe = await new ethers.ContractFactory(ABI, BYTECODE, wallet).deploy()
    await probe.waitForDeployment()
    assert.notEqual(await provider.getCode(probe), '0x')
  },
  'ether is sent': async () => {
    await (await wallet.sendTransaction({ to: friend, value: 7n })).wait()
    assert.equal(await provider.getBalance(friend), 7n)
  },
  'a contract is written and read': async () => {
    const receipt = await (await probe.set(41n)).wait()
    setHash = receipt.hash
    assert.equal(receipt.logs[0].args.value, 41n)
    assert.equal(await probe.value(), 41n)
  },
  'a custom error arrives with its values': () =>
    assert.rejects(probe.deny(5n), ({ revert }) => {
      assert.equal(revert.name, 'Denied')
      assert.deepEqual([...revert.args], [me, 5n])
      return true
    }),
  'a reason arrives': () => assert.rejects(probe.fail('no luck'), { reason: 'no luck' }),
  'an event is found by its indexed field': async () => {
    assert.equal((await probe.queryFilter(probe.filters.Set(me)))[0].args.value, 41n)
    assert.equal((await probe.queryFilter(probe.filters.Set(friend))).length, 0)
  },
  'an event comes by polling': async () => {
    const event = new Promise((done) => probe.once('Set', (who, old, value) => done(value)))
    await new Promise((done) => setTimeout(done, 200)) // the filter is set
    await (await probe.set(42n)).wait()
    assert.equal(await within(5_000, event), 42n)
  },
  'blocks and events come over WebSocket': async () => {
    const block = new Promise((done) => socket.once('block', done))
    const event = new Promise((done) => probe.connect(socket).once('Set', (who, old, value) => done(value)))
    await socket.getNetwork()
    await new Promise((done) => setTimeout(done, 200)) // both are subscribed
    const receipt = await (await probe.set(43n)).wait()
    assert.equal(await within(5_000, block), receipt.blockNumber)
    assert.equal(await within(5_000, event), 43n)
  },
  'fees are offered': async () => {
    const { gasPrice, maxFeePerGas } = await provider.getFeeData()
    assert.ok(gasPrice > 0n && maxFeePerGas >= gasPrice)
    const history = await provider.send('eth_feeHistory', ['0x3', 'latest', [50]])
    assert.equal(history.baseFeePerGas.length, 4)
  },
  'many reads go as one, failures among them': async () => {
    const multicall = new ethers.Contract(
      MULTICALL3,
      ['function aggregate3((address target, bool allowFailure, bytes callData)[]) payable returns ((bool success, bytes returnData)[])'],
      provider,
    )
    const call = (name, ...args) => [probe.target, true, probe.interface.encodeFunctionData(name, args)]
    const [value, failure] = await multicall.aggregate3.staticCall([call('value'), call('fail', 'no luck')])
    assert.equal(probe.interface.decodeFunctionResult('value', value.returnData)[0], 43n)
    assert.equal(failure.success, false)
    assert.equal(probe.interface.parseError(failure.returnData).args[0], 'no luck')
  },
  'a transaction is traced': async () => {
    const trace = await provider.send('debug_traceTransaction', [setHash, { tracer: 'callTracer' }])
    assert.equal(ethers.getAddress(trace.to), probe.target)
  },
})

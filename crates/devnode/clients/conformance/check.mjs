// The node against Ethereum's JSON-RPC specification: every method of methods.json is answered in the shape that
// shapes.json has for it, or refused with -32601 for a reason that docs/fidelity.md gives.
//
//   node check.mjs <http url of a fresh node>
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { ABI, BYTECODE, KEY, require, run } from '../probe.mjs'

const viem = require('viem')
const { privateKeyToAccount } = require('viem/accounts')
const { Ajv2020 } = require('ajv/dist/2020.js')

const METHOD_NOT_FOUND = -32_601
/** Nothing that any method answers. */
const MADE_UP = { made: 'up' }

const [url] = process.argv.slice(2)
const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8')
const shapes = JSON.parse(read('shapes.json'))
const { methods, refusedNotYet } = JSON.parse(read('methods.json'))
const ajv = new Ajv2020({ allErrors: true, strictTypes: false, strictRequired: false }).addSchema(shapes)

/** Fails unless `value` is of the shape that shapes.json calls `name`. */
function assertShape(name, value) {
  const fits = ajv.getSchema(`shapes#/$defs/${name}`)
  assert.ok(fits, `shapes.json has no ${name}`)
  assert.ok(!fits(MADE_UP), `${name} takes anything`)
  if (fits(value)) return
  const faults = fits.errors.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
  assert.fail(`not of the shape ${name}:\n${faults.slice(0, 8).join('\n')}\n${JSON.stringify(value, null, 1).slice(0, 4_000)}`)
}

let lastId = 0
/** Asks, looks at the envelope, and hands back the object with `result` or `error`. */
async function ask(method, params) {
  const id = (lastId += 1)
  const body = JSON.stringify({ jsonrpc: '2.0', id, method, params })
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const answer = await response.json()
  const one = 'error' in answer ? 'error' : 'result'
  assert.deepEqual(Object.keys(answer).sort(), ['id', 'jsonrpc', one].sort(), JSON.stringify(answer))
  assert.deepEqual([answer.id, answer.jsonrpc], [id, '2.0'])
  if (one === 'error') assertShape('error', answer.error)
  return answer
}

async function get(method, ...params) {
  const { result, error } = await ask(method, params)
  assert.ok(!error, `${method}: ${JSON.stringify(error)}`)
  return result
}

/** One transaction of each kind, and everything that methods.json calls by a $name. */
async function stage() {
  const account = privateKeyToAccount(KEY)
  const chain = { id: Number(await get('eth_chainId')) }
  const nobody = '0x00000000000000000000000000000000000000f9'
  const abi = viem.parseAbi(ABI)
  let nonce = Number(await get('eth_getTransactionCount', account.address, 'latest'))
  const sign = (tx) =>
    account.signTransaction({
      chainId: chain.id,
      nonce: nonce++,
      gas: 2_000_000n,
      to: nobody,
      ...(tx.type === 'legacy' || tx.type === 'eip2930' ? { gasPrice: viem.parseGwei('1') } : { maxFeePerGas: viem.parseGwei('1') }),
      ...tx,
    })
  const send = async (tx) => get('eth_sendRawTransaction', await sign(tx))
  const call = (functionName, args) => viem.encodeFunctionData({ abi, functionName, args })

  const pendingFilter = await get('eth_newPendingTransactionFilter')
  const creation = await send({ type: 'eip1559', to: undefined, data: `0x${BYTECODE.slice(2)}` })
  const { contractAddress: probe } = await get('eth_getTransactionReceipt', creation)
  const logFilter = await get('eth_newFilter', { address: probe })
  const blockFilter = await get('eth_newBlockFilter')
  const spareFilter = await get('eth_newBlockFilter')
  const legacy = await send({ type: 'legacy', value: 1n })
  const withAccessList = await send({
    type: 'eip2930',
    to: probe,
    data: call('set', [1n]),
    accessList: [{ address: probe, storageKeys: [viem.zeroHash] }],
  })
  const delegator = privateKeyToAccount(viem.keccak256(KEY))
  const authorization = await delegator.signAuthorization({ chainId: chain.id, contractAddress: probe, nonce: 0 })
  const setCode = await send({ type: 'eip7702', authorizationList: [authorization] })
  const reverted = await send({ type: 'eip1559', to: probe, data: call('fail', ['as it should']) })
  const dynamic = await send({ type: 'eip1559', to: probe, data: call('set', [2n]) })
  const { blockHash, blockNumber } = await get('eth_getTransactionReceipt', dynamic)
  const startBlock = (await get('eth_getBlockByHash', blockHash, false)).transactions[0]
  return {
    probe, nobody, pendingFilter, logFilter, blockFilter, spareFilter,
    creation, legacy, withAccessList, setCode, reverted, dynamic, startBlock, blockHash, blockNumber,
    account: account.address,
    absentHash: viem.keccak256('0x00'),
    absentNumber: '0xfffffff',
    readValue: call('value'),
    write: call('set', [3n]),
    revert: call('fail', ['as it should']),
    raw: await sign({ type: 'eip1559', value: 1n }),
    rawSync: await sign({ type: 'eip1559', value: 1n }),
  }
}

/** Puts what the scene has in the place of $names. */
function fill(value, scene) {
  if (Array.isArray(value)) return value.map((item) => fill(item, scene))
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, scene)]))
  }
  if (typeof value !== 'string' || !value.startsWith('$')) return value
  const name = value.slice(1)
  assert.ok(name in scene, `the scene has no ${name}`)
  return scene[name]
}

/** Why docs/fidelity.md says that methods are not there: pairs of a name, or of a beginning and `*`, and the reason. */
const reasons = [...read('../../../../docs/fidelity.md').matchAll(/^\| JSON-RPC \| (.*) \| absent \| (.+) \|$/gm)].flatMap(
  ([, rule, reason]) => [...rule.matchAll(/`([^`]+)`/g)].map(([, name]) => [name, reason]),
)
const covers = (name, method) => (name.endsWith('*') ? method.startsWith(name.slice(0, -1)) : name === method)

async function assertRefused(method) {
  assert.ok(reasons.some(([name]) => covers(name, method)), 'docs/fidelity.md gives no reason in a JSON-RPC rule')
  const { error, result } = await ask(method, [])
  assert.ok(error, `answers ${JSON.stringify(result)}`)
  assert.equal(error.code, METHOD_NOT_FOUND, error.message)
  assert.ok(error.message.includes(method), error.message)
}

async function assertAnswer(method, { params, shape, fails }, scene) {
  const { result, error } = await ask(method, fill(params, scene))
  if (fails) {
    assert.ok(error, `answers ${JSON.stringify(result)}`)
    assert.notEqual(error.code, METHOD_NOT_FOUND, error.message)
    assertShape(fails, error)
  } else {
    assert.ok(!error, JSON.stringify(error))
    assertShape(shape, result)
  }
}

/** What is marked as not there yet must not be there: else the mark hides the day when it breaks again. */
const unless = (notYet, check) => async () => {
  if (!notYet) return check()
  const failed = await check().then(() => false, () => true)
  assert.ok(failed, 'this works now: delete its mark in methods.json')
}

const checks = {}
const scene = await stage()
const late = {}
for (const [method, expected] of Object.entries(methods)) {
  if (expected === 'refused') {
    const notYet = refusedNotYet.some((name) => method.startsWith(name))
    checks[`${method} is refused${notYet ? ', not yet as it should' : ''}`] = unless(notYet, () => assertRefused(method))
    continue
  }
  for (const example of expected) {
    const { params, shape, fails, notYet, waiting } = example
    const said = fails ? `fails as ${fails}` : `is ${shape}`
    const name = `${method}${JSON.stringify(params)} ${said}${notYet ? ', not yet' : ''}`
    ;(waiting ? late : checks)[name] = unless(notYet, () => assertAnswer(method, example, scene))
  }
}
checks['a transaction is left waiting'] = async () => {
  await get('evm_setAutomine', false)
  scene.waiting = await get('eth_sendTransaction', { from: scene.account, to: scene.nobody, value: '0x1' })
}
checks['docs/fidelity.md gives no reason for what is there'] = async () => {
  const there = Object.entries(methods).flatMap(([method, expected]) => (expected === 'refused' ? [] : [method]))
  for (const [name] of reasons) assert.ok(!there.some((method) => covers(name, method)), name)
}
await run('execution-apis', { ...checks, ...late })

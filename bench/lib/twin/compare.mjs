// How two worlds are compared: what an action did, what every view answers. Contracts have other addresses in each
// world, so they go by name. Everything is the same to the wei, or the worlds differ.
import assert from 'node:assert/strict'
import { viem } from '../tools.mjs'
import { ACTORS, CAST } from './actions.mjs'

/** What differs by design: a domain names its contract, so a wrong signature's signer is anybody. */
const FREE = new Set(['DOMAIN_SEPARATOR', 'signer'])
const CONTRACTS = ['vvv', 'sVvv', 'diem']

/** Sends the action; resolves to its events, or to the error it reverted with. */
export async function perform(world, { who, wait, call }) {
  const { chain } = world
  const { from = who, ...request } = await call(world, chain.time + wait)
  const receipt = await chain.act(chain.accounts[from], request, wait).catch((error) => {
    if (!error.receipt) throw error
    return error.receipt
  })
  if (receipt.status !== 'success') {
    const { output } = await chain.rpc('debug_traceTransaction', [receipt.transactionHash, { tracer: 'callTracer' }])
    return { from, ...refusal(world, output) }
  }
  const events = receipt.logs.map((log) => {
    const { eventName, args = {} } = viem.decodeEventLog({ abi: contractAt(world, log.address).abi, ...log })
    return { at: named(world, log.address), eventName, ...mapValues(args, (each) => named(world, each)) }
  })
  return { from, events }
}

/** A revert's error, its fields by name. */
export function refusal(world, data) {
  if (!data || data === '0x') return { error: 'no data' }
  const abi = CONTRACTS.flatMap((key) => world[key].abi)
  const { errorName, args = [], abiItem } = viem.decodeErrorResult({ abi, data })
  const fields = abiItem.inputs.map((input, i) => [input.name || 'code', named(world, args[i])])
  return { error: errorName, ...Object.fromEntries(fields) }
}

const contractAt = (world, address) =>
  CONTRACTS.map((key) => world[key]).find((each) => viem.isAddressEqual(each.address, address))
const mapValues = (object, map) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]))

function named(world, value) {
  const key = CONTRACTS.find((each) => String(value).toLowerCase() === world[each].address.toLowerCase())
  return key ?? value
}

/** What views tell about every actor's money and line. */
export async function view(world) {
  const names = { sVvv: ['balanceOf', 'pendingRewards'], diem: ['balanceOf', 'position', 'stakedInfos', 'lineOf', 'leasedOut'] }
  const asked = Object.entries(names).flatMap(([key, functions]) =>
    functions.flatMap((name) => {
      const item = world[key].abi.find((each) => each.name === name)
      return world.chain.accounts.slice(0, ACTORS).map(({ address }) => ({ key, item, args: [address] }))
    }),
  )
  return answers(world, asked)
}

/** What every view of every contract answers, for everybody, every lease and some numbers. */
export async function fullView(world, leases) {
  const people = world.chain.accounts.slice(0, CAST).map(({ address }) => address)
  const ids = Array.from({ length: leases + 2 }, (_, i) => BigInt(i))
  const amounts = [0n, 1n, 10n ** 15n, 10n ** 18n, 7n * 10n ** 22n]
  const pairs = (left, right) => left.flatMap((a) => right.map((b) => [a, b]))
  const argsOf = ({ inputs }) => {
    const kinds = inputs.map(({ name, type }) => (type === 'address' ? 'address' : name))
    switch (kinds.join()) {
      case '':
        return [[]]
      case 'address':
        return people.map((each) => [each])
      case 'address,address':
        return pairs(people.slice(0, ACTORS), people.slice(0, ACTORS))
      case 'id':
        return ids.map((each) => [each])
      case 'index':
        return [0n, 74n, 255n, 256n].map((each) => [each])
      case 'address,index':
        return pairs(people, [10n ** 33n])
      case 'address,diemAmount':
        return pairs(people, amounts.slice(0, 3))
      default:
        assert.equal(inputs.length, 1, `nothing is known about arguments ${kinds}`)
        return amounts.map((each) => [each])
    }
  }
  const asked = CONTRACTS.flatMap((key) =>
    world[key].abi
      .filter(({ type, stateMutability }) => type === 'function' && ['view', 'pure'].includes(stateMutability))
      .flatMap((item) => argsOf(item).map((args) => ({ key, item, args }))),
  )
  return answers(world, asked)
}

/** Asks all at once; an answer is {field: value}, or the error of a view that reverted. */
async function answers(world, asked) {
  const requests = asked.map(({ key, item, args }, id) => {
    const data = viem.encodeFunctionData({ abi: [item], args })
    return { jsonrpc: '2.0', id, method: 'eth_call', params: [{ to: world[key].address, data }, 'latest'] }
  })
  const response = await fetch(world.chain.rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(requests),
  })
  const replies = await response.json()
  assert.equal(replies.length, asked.length)
  const results = replies.map(({ id, result, error }) => {
    const { key, item, args } = asked[id]
    const place = `${key}.${item.name}(${args})`
    if (error) return [place, refusal(world, error.data)]
    const values = viem.decodeAbiParameters(item.outputs, result)
    const fields = item.outputs.map(({ name }, i) => [name || item.name, named(world, values[i])])
    return [place, Object.fromEntries(fields)]
  })
  return Object.fromEntries(results.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Fails unless both are the same. */
export function alike(left, right, place, field) {
  if (FREE.has(field)) return
  if (left !== null && typeof left === 'object' && right !== null && typeof right === 'object') {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])]
    for (const key of keys) alike(left[key], right[key], `${place} / ${key}`, key)
  } else {
    assert.deepEqual(left, right, `${place}: Stylus ${left}, twin ${right}`)
  }
}

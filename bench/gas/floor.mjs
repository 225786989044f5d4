// The floor of an action: what its storage slots, logs, calldata and cross-contract calls must cost on any
// implementation that touches as many, priced by the EVM's own rules and read from the trace of one that did it.
import { viem } from '../lib/tools.mjs'

const TRANSACTION = 21_000n
const CALLDATA_ZERO = 4n
const CALLDATA_NONZERO = 16n
const COLD_SLOT = 2_100n
const SLOT_SET = 20_000n
const SLOT_CHANGE = 2_900n
const SLOT_CLEAR_REFUND = 4_800n
const REFUND_QUOTIENT = 5n
const COLD_ACCOUNT = 2_600n
const WARM_ACCOUNT = 100n
const LOG = 375n
const LOG_TOPIC = 375n
const LOG_BYTE = 8n

/** Where ArbOS keeps its state: tracers show what it reads around a transaction, which no contract pays for. */
const ARBOS_STATE = '0xa4b05fffffffffffffffffffffffffffffffffff'

const ZERO = /^0x0*$/

/** Resolves to the floor, the slots behind it and how often each contract was entered. */
export async function floorOf(chain, receipt) {
  const trace = (tracer, tracerConfig) =>
    chain.rpc('debug_traceTransaction', [receipt.transactionHash, { tracer, tracerConfig }])
  const [touched, diff, calls, transaction] = [
    await trace('prestateTracer', {}),
    await trace('prestateTracer', { diffMode: true }),
    await trace('callTracer', {}),
    await chain.publicClient.getTransaction({ hash: receipt.transactionHash }),
  ]
  const slots = { read: 0, changed: 0, set: 0, cleared: 0 }
  for (const [address, { storage = {} }] of Object.entries(touched)) {
    if (address.toLowerCase() === ARBOS_STATE) continue
    for (const [slot, before] of Object.entries(storage)) {
      const after = diff.post[address]?.storage?.[slot]
      const wasDeleted = diff.pre[address]?.storage?.[slot] !== undefined && after === undefined
      if (wasDeleted) slots.cleared += 1
      else if (after === undefined || after === before) slots.read += 1
      else if (ZERO.test(before)) slots.set += 1
      else slots.changed += 1
    }
  }
  const all = BigInt(slots.read + slots.changed + slots.set + slots.cleared)
  const storage =
    all * COLD_SLOT + BigInt(slots.set) * SLOT_SET + BigInt(slots.changed + slots.cleared) * SLOT_CHANGE
  const parts = {
    transaction: TRANSACTION,
    calldata: calldataGas(transaction.input),
    storage,
    logs: receipt.logs.reduce((sum, log) => sum + logGas(log), 0n),
    calls: callGas(calls),
  }
  const gross = Object.values(parts).reduce((sum, part) => sum + part)
  const refund = min(BigInt(slots.cleared) * SLOT_CLEAR_REFUND, gross / REFUND_QUOTIENT)
  return { floor: gross - refund, slots, called: calledContracts(calls) }
}

const min = (a, b) => (a < b ? a : b)

function calldataGas(input) {
  return viem.hexToBytes(input).reduce((sum, byte) => sum + (byte === 0 ? CALLDATA_ZERO : CALLDATA_NONZERO), 0n)
}

function logGas({ topics, data }) {
  return LOG + LOG_TOPIC * BigInt(topics.length) + LOG_BYTE * BigInt(viem.size(data))
}

/** How often each contract runs in the transaction. */
function calledContracts(root) {
  const counts = {}
  const visit = ({ to, calls = [] }) => {
    counts[to] = (counts[to] ?? 0) + 1
    calls.forEach(visit)
  }
  visit(root)
  return counts
}

/** Every contract called is cold once and warm afterwards; precompiles are always warm. */
function callGas(root) {
  const seen = new Set([root.to, root.from])
  let gas = 0n
  const visit = ({ calls = [] }) => {
    for (const inner of calls) {
      const warm = seen.has(inner.to) || BigInt(inner.to) < 0x10000n
      gas += warm ? WARM_ACCOUNT : COLD_ACCOUNT
      seen.add(inner.to)
      visit(inner)
    }
  }
  visit(root)
  return gas
}

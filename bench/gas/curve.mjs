// The curve's share of a mint: what DIEM spends between reading the curve's parameters and its next host call, read
// from the trace of the module that ships. In between lies nothing but the curve, so a figure is never too low; it is
// too high by the decoding of one word and the encoding of the next call.
import { TARGET_SUPPLY, WAD } from '../lib/design.mjs'
import { viem } from '../lib/tools.mjs'

/** More than this is a fault. */
export const CURVE_GAS_LIMIT = 12_000n

const INK_PER_GAS = 10_000n
/** Storage of DIEM: the total supply, set to any point by an override, and the curve's parameters. */
const TOTAL_SUPPLY_SLOT = 2
const CURVE_SLOT = 5
/** Points over the whole curve, and one right below its end. */
const STEPS = 16n
const CAP = 2n * TARGET_SUPPLY
const SUPPLIES = [...Array.from({ length: Number(STEPS) }, (_, i) => (CAP * BigInt(i)) / STEPS), CAP - WAD]

/** Column -> the call, given all the sVVV and all the DIEM that the curve still takes. */
const MINTS = {
  'all that is left': ({ svvv }) => ['mint', [svvv, 1n]],
  'half of it': ({ svvv }) => ['mint', [svvv / 2n, 1n]],
  '1,000 sVVV': ({ svvv }) => ['mint', [least(svvv, 1_000n * WAD), 1n]],
  '1 sVVV': ({ svvv }) => ['mint', [least(svvv, WAD), 1n]],
  'half, exactly': ({ diem }) => ['mintExact', [diem / 2n, 10n ** 33n]],
}
export const CURVE_COLUMNS = Object.keys(MINTS)

const least = (a, b) => (a < b ? a : b)
const slot = (number) => viem.numberToHex(number, { size: 32 })

/** Resolves to supply -> the gas of each column, over the whole curve. */
export async function curveShares(chain, { system: { diem }, whale }) {
  const shares = {}
  for (const supply of SUPPLIES) {
    const overrides = { [diem.address]: { stateDiff: { [slot(TOTAL_SUPPLY_SLOT)]: slot(supply) } } }
    const left = await roomAt(chain, diem, supply)
    shares[supply / WAD] = {}
    for (const [column, callOf] of Object.entries(MINTS)) {
      const [functionName, args] = callOf(left)
      const data = viem.encodeFunctionData({ abi: diem.abi, functionName, args })
      const request = { from: whale.address, to: diem.address, data }
      const steps = await chain.rpc('debug_traceCall', [
        request,
        'latest',
        { tracer: 'stylusTracer', stateOverrides: overrides },
      ])
      shares[supply / WAD][column] = curveGas(steps)
    }
  }
  return shares
}

/** What the curve still takes at a supply: DIEM, and the sVVV it costs as `previewMintExact` says. */
async function roomAt(chain, { address, abi }, supply) {
  const diem = CAP - supply
  const stateDiff = [{ slot: slot(TOTAL_SUPPLY_SLOT), value: slot(supply) }]
  const svvv = await chain.publicClient.readContract({
    address,
    abi,
    functionName: 'previewMintExact',
    args: [diem],
    stateOverride: [{ address, stateDiff }],
  })
  return { diem, svvv }
}

/** From the steps of a mint that went through: the gas between the read of the parameters and the next step. */
function curveGas(steps) {
  const read = steps.findIndex(({ name, args }) => name === 'storage_load_bytes32' && args === slot(CURVE_SLOT))
  const next = steps[read + 1]
  const locked = steps.some(({ name }) => name === 'call_contract')
  if (read < 0 || !next || !locked) throw new Error('a mint that reads no curve or locks nothing')
  const ink = BigInt(steps[read].endInk) - BigInt(next.startInk)
  return (ink + INK_PER_GAS - 1n) / INK_PER_GAS
}

/** The points where the curve costs more than it may. */
export function curveFaults(curve) {
  return Object.entries(curve).flatMap(([supply, columns]) =>
    Object.entries(columns)
      .filter(([, gas]) => gas > CURVE_GAS_LIMIT)
      .map(([column, gas]) => `at ${supply} DIEM, minting ${column}: the curve costs ${gas} gas, at most ${CURVE_GAS_LIMIT}`),
  )
}

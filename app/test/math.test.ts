import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CapExceeded, Curve, WAD, burnUnlocksDown } from '../src/math/diem'

type Case = Record<string, string | null>
const vectors: Record<'mint' | 'mint_exact' | 'rate', Case[]> = JSON.parse(
  readFileSync(new URL('../../vectors/mint-curve.json', import.meta.url), 'utf8'),
)
const curveOf = (item: Case) => new Curve(BigInt(item.base_rate!), BigInt(item.target!))

describe('the curve on the shared vectors', () => {
  test.each(vectors.mint)('mint of $svvv at $supply is the exact floor or 1 wei below', (item) => {
    const quote = () => curveOf(item).quote(BigInt(item.supply!), BigInt(item.svvv!)).diem
    if (item.diem_floor === null) return expect(quote).toThrow(CapExceeded)
    const short = BigInt(item.diem_floor!) - quote()
    expect(short === 0n || short === 1n).toBe(true)
  })
  test.each(vectors.mint_exact)('mintExact of $diem at $supply is the exact ceiling or 1 wei above', (item) => {
    const over = curveOf(item).quoteExact(BigInt(item.supply!), BigInt(item.diem!)).svvv - BigInt(item.svvv_ceil!)
    expect(over === 0n || over === 1n).toBe(true)
  })
  test.each(vectors.rate)('the rate at $supply is within 1 part in 1e15', (item) => {
    const exact = BigInt(item.rate_floor!)
    const short = exact - curveOf(item).rateAt(BigInt(item.supply!))
    expect(short >= 0n && short * 10n ** 15n <= exact + 10n ** 15n).toBe(true)
  })
})

test('a quote costs no more than it says, and one wei more of DIEM costs more', () => {
  const curve = new Curve(90n * WAD, 40_000n * WAD)
  for (const supply of [0n, 123_456_789n, 20_000n * WAD, 79_999n * WAD]) {
    for (const svvv of [1_000n, WAD, 12_345n * WAD]) {
      const { diem } = curve.quote(supply, svvv)
      if (diem > 0n) expect(curve.quoteExact(supply, diem).svvv <= svvv).toBe(true)
      if (supply + diem < curve.supplyCap) expect(curve.quoteExact(supply, diem + 1n).svvv > svvv).toBe(true)
    }
  }
})

test('burning all that is outstanding unlocks all', () => {
  expect(burnUnlocksDown(3n, 10n, 3n)).toBe(10n)
  expect(burnUnlocksDown(1n, 10n, 3n)).toBe(3n)
})

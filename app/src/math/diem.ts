/**
 * The money math of `crates/diem-math`, mirrored digit for digit on bigint, so that a quote while typing equals the
 * contract's preview to the wei. Amounts are WAD unless said otherwise; names say the rounding.
 */

export const WAD = 10n ** 18n
export const INDEX_SCALE = 10n ** 36n
/** Share of the gross yield of locked sVVV that its owner keeps. */
export const YIELD_NET = 8n * 10n ** 17n
/** Length of an epoch, a UTC day, in seconds. */
export const EPOCH_SECONDS = 86_400n
/** A year of 365 days, in seconds: what yearly rates are quoted for. */
export const YEAR_SECONDS = 365n * EPOCH_SECONDS

export const mulDivDown = (a: bigint, b: bigint, divisor: bigint): bigint => (a * b) / divisor
export const mulDivUp = (a: bigint, b: bigint, divisor: bigint): bigint => (a * b + divisor - 1n) / divisor
export const zeroFloorSub = (a: bigint, b: bigint): bigint => (a > b ? a - b : 0n)
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/** What a mint asks for lies past the end of the curve. Both in the unit that was asked in. */
export class CapExceeded extends Error {
  constructor(
    readonly requested: bigint,
    readonly available: bigint,
  ) {
    super(`${requested} is past the supply cap: ${available} is left`)
  }
}

/** Both sides of a mint, and the rate that it leaves behind. */
export type Quote = { svvv: bigint; diem: bigint; rateAfter: bigint }

// Fixed-point numbers of the curve have 150 fraction bits, in limbs of 30 bits, least first.
const FRACTION_BITS = 150n
const ONE_ULPS = 1n << FRACTION_BITS
const WAD_ULPS = WAD << FRACTION_BITS
const INTEGRAL_ERROR_ULPS = 1n << 24n
const LIMB_BITS = 30n
const LIMB_MASK = (1n << LIMB_BITS) - 1n
const MAX_TERMS = 128n
const LARGEST_WORD = (1n << 256n) - 1n

type Limbs = readonly [bigint, bigint, bigint, bigint, bigint, bigint]

const limbsOf = (ulps: bigint): Limbs => [
  ulps & LIMB_MASK,
  (ulps >> 30n) & LIMB_MASK,
  (ulps >> 60n) & LIMB_MASK,
  (ulps >> 90n) & LIMB_MASK,
  (ulps >> 120n) & LIMB_MASK,
  (ulps >> 150n) & LIMB_MASK,
]

const ulpsOf = ([a0, a1, a2, a3, a4, a5]: Limbs): bigint =>
  a0 + (a1 << 30n) + (a2 << 60n) + (a3 << 90n) + (a4 << 120n) + (a5 << 150n)

/** The product without its three lowest columns, as the contract leaves them out. */
function times(a: Limbs, b: Limbs, bUlps: bigint): bigint {
  const left = a[0] * b[0] + ((a[0] * b[1] + a[1] * b[0]) << 30n) + ((a[0] * b[2] + a[1] * b[1] + a[2] * b[0]) << 60n)
  return (ulpsOf(a) * bUlps - left) >> FRACTION_BITS
}

const product = (a: bigint, b: bigint): bigint => times(limbsOf(a), limbsOf(b), b)

/** `value * numerator / denominator` by long division; its limbs may pass 30 bits. */
function scaled(value: bigint, numerator: bigint, denominator: bigint): Limbs {
  const out: bigint[] = [0n, 0n, 0n, 0n, 0n, 0n]
  const limbs = limbsOf(value)
  let rest = 0n
  for (let place = 5; place >= 0; place--) {
    const dividend = (rest << LIMB_BITS) + limbs[place]! * numerator
    out[place] = dividend / denominator
    rest = dividend % denominator
  }
  return out as unknown as Limbs
}

/** The sums of `u_n` and of `(3n + 1) u_n`: the integral over `x`, and `e^(2 x^3)`. */
function sums(cube: bigint): { sum: bigint; slope: bigint } {
  const cubeLimbs = limbsOf(cube)
  let sum = 0n
  let slope = 0n
  let term: Limbs = limbsOf(ONE_ULPS)
  for (let n = 0n; n < MAX_TERMS; n++) {
    const ulps = ulpsOf(term)
    sum += ulps
    slope += ulps * (3n * n + 1n)
    term = scaled(times(term, cubeLimbs, cube), 6n * n + 2n, (n + 1n) * (3n * n + 4n))
    if (ulpsOf(term) === 0n) break
  }
  return { sum, slope }
}

type Point = { integral: bigint; slope: bigint }

function pointAt(x: bigint): Point {
  const { sum, slope } = sums(product(product(x, x), x))
  return { integral: product(x, sum), slope }
}

/** The curve of one deployment: `rate(S) = B e^(2 (S/T)^3)` sVVV per DIEM, up to `2 T`. */
export class Curve {
  constructor(
    readonly baseRate: bigint,
    readonly targetSupply: bigint,
  ) {}

  get supplyCap(): bigint {
    return 2n * this.targetSupply
  }

  /** sVVV per DIEM at `supply`, rounded down. Defined up to `8 T`. */
  rateAt(supply: bigint): bigint {
    const x = this.#position(supply)
    let cube = product(product(x, x), x)
    let factors = 1
    while (cube > ONE_ULPS << 3n) {
      cube >>= 1n
      factors *= 2
    }
    const { slope } = sums(cube)
    let rate = this.baseRate
    for (let count = 0; count < factors; count++) rate = (rate * slope) >> FRACTION_BITS
    return rate
  }

  /** sVVV to lock for exactly `diem` more. Rounds up. Throws `CapExceeded` in DIEM. */
  quoteExact(supply: bigint, diem: bigint): Quote {
    const room = this.#room(supply, diem)
    if (diem > room) throw new CapExceeded(diem, room)
    const before = this.#point(supply)
    if (diem === 0n) return this.#settle(0n, 0n, before)
    const after = this.#point(supply + diem)
    return this.#settle(this.#priceUp(before, after), diem, after)
  }

  /** DIEM for locking exactly `svvv`: the largest amount whose cost is within it. Throws `CapExceeded` in sVVV. */
  quote(supply: bigint, svvv: bigint): Quote {
    const room = this.#room(supply, svvv)
    const before = this.#point(supply)
    const growth = min(mulDivDown(svvv, WAD_ULPS, this.#scale()), LARGEST_WORD)
    if (growth < INTEGRAL_ERROR_ULPS) return this.#settle(svvv, 0n, before)
    const goal = before.integral + growth - INTEGRAL_ERROR_ULPS
    const cap = this.#point(this.supplyCap)
    if (goal > cap.integral) {
      // Only past the cap by the computed curve: the contract's bound of what is left.
      const oneMore = this.#point(this.supplyCap + 1n)
      if (goal >= oneMore.integral) throw new CapExceeded(svvv, room === 0n ? 0n : this.#priceUp(before, cap))
    }
    // The answer is unique, so bisection finds what the contract finds by Newton's method.
    let low = 0n
    let high = min(room, mulDivDown(svvv, WAD, this.baseRate) + 1n)
    let found = before
    while (low < high) {
      const middle = (low + high + 1n) >> 1n
      const point = this.#point(supply + middle)
      if (point.integral <= goal) {
        low = middle
        found = point
      } else {
        high = middle - 1n
      }
    }
    return this.#settle(svvv, low, found)
  }

  #room(supply: bigint, requested: bigint): bigint {
    if (supply > this.supplyCap) throw new CapExceeded(requested, 0n)
    return this.supplyCap - supply
  }

  #scale = (): bigint => this.baseRate * this.targetSupply

  #position = (supply: bigint): bigint => mulDivDown(supply, ONE_ULPS, this.targetSupply)

  #point = (supply: bigint): Point => pointAt(this.#position(supply))

  #priceUp(before: Point, after: Point): bigint {
    return mulDivUp(this.#scale(), after.integral - before.integral + INTEGRAL_ERROR_ULPS, WAD_ULPS)
  }

  #settle = (svvv: bigint, diem: bigint, after: Point): Quote => ({
    svvv,
    diem,
    rateAfter: (this.baseRate * after.slope) >> FRACTION_BITS,
  })
}

/** What burning `diem` unlocks of a position. Rounds down; all that is outstanding unlocks all. */
export const burnUnlocksDown = (diem: bigint, locked: bigint, outstanding: bigint): bigint =>
  diem === outstanding ? locked : mulDivDown(diem, locked, outstanding)

/** Least DIEM to accept for a quote, `tolerance` in hundredths of a percent. Rounds down. */
export const lessToleranceDown = (amount: bigint, tolerance: bigint): bigint =>
  mulDivDown(amount, 10_000n - tolerance, 10_000n)

/** Most sVVV to lock for a quote, `tolerance` in hundredths of a percent. Rounds up. */
export const plusToleranceUp = (amount: bigint, tolerance: bigint): bigint =>
  mulDivUp(amount, 10_000n + tolerance, 10_000n)

/** Gross yearly yield of staked VVV, WAD: emissions of a year over all that is staked. Zero where nothing is. */
export const aprDown = (emissionRate: bigint, totalStaked: bigint): bigint =>
  totalStaked === 0n ? 0n : mulDivDown(emissionRate * YEAR_SECONDS, WAD, totalStaked)

export const netOfFeeDown = (gross: bigint): bigint => mulDivDown(gross, YIELD_NET, WAD)

/** The epoch, a UTC day counted from 1970, of a time in seconds. */
export const epochAt = (timestamp: bigint): bigint => timestamp / EPOCH_SECONDS
/** When an epoch begins, in seconds since 1970. */
export const epochStart = (epoch: bigint): bigint => epoch * EPOCH_SECONDS

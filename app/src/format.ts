/** Numbers and times as people read and type them. Amounts are bigint throughout: nothing is ever rounded up. */

const GROUP = /\B(?=(\d{3})+$)/g

export type Parts = { whole: string; fraction: string; /** Digits were left out. */ cut: boolean }

/** A WAD split for showing, with at most `places` decimals, the rest cut off. */
export function partsOf(wad: bigint, places: number): Parts {
  const digits = (wad < 0n ? -wad : wad).toString().padStart(19, '0')
  const all = digits.slice(-18).replace(/0+$/, '')
  const fraction = all.slice(0, places)
  const whole = digits.slice(0, -18).replace(GROUP, ',')
  return { whole: wad < 0n ? `−${whole}` : whole, fraction, cut: all.length > places }
}

/** A WAD as text with at most `places` decimals; `all` of them by default. */
export function amountText(wad: bigint, places = 18): string {
  const { whole, fraction, cut } = partsOf(wad, places)
  if (cut && whole === '0' && /^0*$/.test(fraction)) return `< 0.${'0'.repeat(places - 1)}1`
  return fraction === '' ? whole : `${whole}.${fraction}`
}

/** A WAD as it is typed: no groups. */
export const amountInput = (wad: bigint): string => amountText(wad).replaceAll(',', '')

export type Parsed = { value: bigint } | { problem: 'empty' | 'number' | 'decimals' | 'large' }

/** What a person typed as an amount. Groups and signs are refused rather than guessed at. */
export function parseAmount(text: string): Parsed {
  const trimmed = text.trim()
  if (trimmed === '') return { problem: 'empty' }
  const match = /^(\d*)(?:\.(\d*))?$/.exec(trimmed)
  if (!match || (match[1] === '' && !match[2])) return { problem: 'number' }
  const [, whole = '', fraction = ''] = match
  if (fraction.length > 18) return { problem: 'decimals' }
  if (whole.length > 40) return { problem: 'large' }
  return { value: BigInt(`${whole || '0'}${fraction.padEnd(18, '0')}`) }
}

/** A WAD share as percent with two decimals, cut. */
export function percentText(wad: bigint): string {
  const hundredths = (wad * 10_000n) / 10n ** 18n
  return `${(hundredths / 100n).toString().replace(GROUP, ',')}.${(hundredths % 100n).toString().padStart(2, '0')} %`
}

export const shortAddress = (address: string): string => `${address.slice(0, 6)}…${address.slice(-4)}`

const two = (value: number): string => value.toString().padStart(2, '0')

/** The last second that a calendar has; a contract's number may be past it. */
const LAST_SECOND = 253_402_300_799n

const dateOf = (seconds: bigint): Date => new Date(Number(seconds < LAST_SECOND ? seconds : LAST_SECOND) * 1000)

const DAY = { dateStyle: 'medium', timeZone: 'UTC' } as const

/** `26 Nov 2026, 14:05 UTC` */
export function utcText(seconds: bigint): string {
  const date = dateOf(seconds)
  return `${new Intl.DateTimeFormat('en-GB', DAY).format(date)}, ${date.toISOString().slice(11, 16)} UTC`
}

/** `26 Nov 2026` of an epoch. */
export const dayText = (epoch: bigint): string => new Intl.DateTimeFormat('en-GB', DAY).format(dateOf(epoch * 86_400n))

/** The same moment by the reader's clock. */
export function localText(seconds: bigint): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }).format(dateOf(seconds))
}

/** `3 d 04 h`, `4 h 05 min`, `12 min 09 s`: two units, cut. */
export function spanText(seconds: bigint): string {
  const total = Number(seconds < 0n ? 0n : seconds)
  const [days, hours, minutes] = [
    Math.floor(total / 86_400),
    Math.floor(total / 3600) % 24,
    Math.floor(total / 60) % 60,
  ]
  if (days > 0) return `${days.toString().replace(GROUP, ',')} d ${two(hours)} h`
  if (hours > 0) return `${hours} h ${two(minutes)} min`
  return `${minutes} min ${two(total % 60)} s`
}

import { expect, test } from 'vitest'
import { amountInput, amountText, parseAmount, percentText, spanText, utcText } from '../src/format'

const WAD = 10n ** 18n

test('what is cut off is never rounded up', () => {
  expect(amountText(1_999_999_999_999_999_999n, 4)).toBe('1.9999')
  expect(amountText(1_234_567n * WAD + 5n, 4)).toBe('1,234,567.0000')
  expect(amountText(1n, 4)).toBe('< 0.0001')
  expect(amountText(0n, 4)).toBe('0')
  expect(percentText(WAD / 3n)).toBe('33.33 %')
})

test('every amount that is written can be typed again, to the wei', () => {
  for (const wad of [0n, 1n, WAD, 123n * WAD + 456n, 2n ** 128n]) {
    expect(parseAmount(amountInput(wad))).toEqual({ value: wad })
  }
})

test('what is no plain decimal number is refused, not guessed at', () => {
  for (const typed of ['1,5', '1e3', '-1', '+1', '0x10', '.', 'NaN', '1.2.3', '١']) {
    expect(parseAmount(typed), typed).toEqual({ problem: 'number' })
  }
  expect(parseAmount(' ')).toEqual({ problem: 'empty' })
  expect(parseAmount('0.0000000000000000001')).toEqual({ problem: 'decimals' })
  expect(parseAmount('9'.repeat(41))).toEqual({ problem: 'large' })
})

test('a time past the last year of the calendar is a text, not a crash', () => {
  expect(utcText(2n ** 256n - 1n)).toBe('31 Dec 9999, 23:59 UTC')
  expect(spanText(90_061n)).toBe('1 d 01 h')
  expect(spanText(-5n)).toBe('0 min 00 s')
})

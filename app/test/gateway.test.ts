import { expect, test } from 'vitest'
import { byDayAndModel, parseExact } from '../src/gateway'

test('numbers of a gateway keep all their digits', () => {
  const json =
    '{"amount": -0.000000000000000001, "text": "a \\"1.5\\" b", "list": [1, 2.50], "none": null, "yes": true}'
  expect(parseExact(json)).toEqual({
    amount: '-0.000000000000000001',
    text: 'a "1.5" b',
    list: ['1', '2.50'],
    none: null,
    yes: true,
  })
})

test('usage of all keys is summed exactly by day and model', () => {
  const sum = (keyId: string, amount: string) => ({
    ...{ date: '2026-11-26T00:00:00Z', model: 'm', keyId, amount },
    ...{ requests: '1', promptTokens: '10', completionTokens: '2' },
  })
  expect(byDayAndModel([sum('1', '-0.1'), sum('2', '-0.200000000000000001')])).toEqual([
    { day: '2026-11-26', model: 'm', requests: 2n, prompt: 20n, completion: 4n, cost: 300_000_000_000_000_001n },
  ])
})

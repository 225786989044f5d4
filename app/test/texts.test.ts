import { diemAbi, stakedVvvAbi, vvvAbi } from '@abi'
import { expect, test } from 'vitest'
import { en } from '../src/texts/en'

test('each error of the contracts has words', () => {
  const named = [...vvvAbi, ...stakedVvvAbi, ...diemAbi].flatMap((item) => (item.type === 'error' ? [item] : []))
  for (const { name, inputs } of named) {
    const words = (en.errors as Record<string, (...args: never[]) => string>)[name]
    expect(words, name).toBeTypeOf('function')
    const args = inputs.map(({ type }) => (type === 'address' ? '0x1234' : 5n * 10n ** 18n))
    expect(words!(...(args as never[]))).toMatch(/^[^{}]+[.]$/)
  }
})

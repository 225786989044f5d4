// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { AmountField, amountOf, amountProblem, SelectField, TextField } from '../../src/ui/fields'

const WAD = 10n ** 18n
afterEach(cleanup)

test('a complaint takes the hint’s place and belongs to its field', () => {
  const common = { label: 'To', value: '0x12', onChange: () => undefined, hint: 'Yourself is allowed.' }
  const { rerender } = render(<TextField {...common} />)
  const field = screen.getByLabelText('To')
  const told = () => document.getElementById(field.getAttribute('aria-describedby')!)!.textContent
  expect([told(), field.getAttribute('aria-invalid')]).toEqual(['Yourself is allowed.', null])
  rerender(<TextField {...common} problem="This is no address." />)
  expect([told(), field.getAttribute('aria-invalid')]).toEqual(['This is no address.', 'true'])
})

test('all that is available is filled in to the wei, as it would be typed', () => {
  const typed = vi.fn()
  render(<AmountField label="Amount" unit="VVV" value="" onChange={typed} available={1_234_567n * WAD + 1n} />)
  expect(screen.getByText('1,234,567.0000')).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Max: Amount' }))
  expect(typed).toHaveBeenCalledWith('1234567.000000000000000001')
})

test('what is typed is handed on as it is', () => {
  const typed = vi.fn()
  render(<AmountField label="Amount" unit="VVV" value="" onChange={typed} />)
  fireEvent.change(screen.getByLabelText('Amount'), { target: { value: '1,5' } })
  expect(typed).toHaveBeenCalledWith('1,5')
  expect(screen.queryByRole('button')).toBeNull()
})

test('a choice is made by its value', () => {
  const chosen = vi.fn()
  const choices = [
    { value: 'all', label: 'Everything' },
    { value: 'credit', label: 'Credit' },
  ]
  render(<SelectField label="Show" value="all" choices={choices} onChange={chosen} />)
  fireEvent.change(screen.getByLabelText('Show'), { target: { value: 'credit' } })
  expect(chosen).toHaveBeenCalledWith('credit')
})

test('an amount is complained of where it cannot be, and only then is none', () => {
  expect(amountProblem('')).toBeUndefined()
  expect(amountProblem('0')).toBe('More than nothing, please.')
  expect(amountProblem('1,5')).toContain('no commas')
  expect(amountProblem('2', WAD, 'VVV')).toBe('You have 1 VVV.')
  expect(amountProblem('1', WAD, 'VVV')).toBeUndefined()
  expect([amountOf('0'), amountOf('x'), amountOf('0.5')]).toEqual([undefined, undefined, WAD / 2n])
})

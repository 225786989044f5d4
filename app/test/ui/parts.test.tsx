// @vitest-environment happy-dom
import { fireEvent, render, screen } from '@testing-library/react'
import { useState } from 'react'
import { expect, test, vi } from 'vitest'
import { settings } from '../../src/settings'
import { Addr, Amount, Copy, Meter, Segments, Tabs, Usd } from '../../src/ui/parts'
import { addressOf, FakeNode, GATEWAY, renderPage } from '../lib/page'

const WAD = 10n ** 18n

test('an amount is cut for the eye, and whole for everything else', () => {
  const { container } = render(<Amount wad={1_234n * WAD + 999_999_999_999_999_999n} unit="DIEM" />)
  const data = container.querySelector('data')!
  expect(data.textContent).toBe('1,234.9999')
  expect(data.value).toBe('1234999999999999999999')
  expect(data.title).toBe('1,234.999999999999999999 DIEM')
})

test('an amount that would be cut to nothing is told from nothing', () => {
  const { container, rerender } = render(<Usd wad={1n} />)
  expect(container.textContent).toBe('< $0.01')
  rerender(<Usd wad={0n} />)
  expect(container.textContent).toBe('$0')
})

test('with every decimal asked for, none is left out', () => {
  const { container } = render(<Amount wad={1n} />)
  expect(container.textContent).toBe('< 0.0001')
  settings.set((now) => ({ ...now, exact: true }))
  render(<Amount wad={1n} />, { container: document.body.appendChild(document.createElement('div')) })
  expect(document.body.lastElementChild!.textContent).toBe('0.000000000000000001')
})

test('an amount that is not read yet is no zero', () => {
  render(<Amount wad={undefined} />)
  expect(screen.getByRole('img', { name: 'Reading the chain…' }).textContent).toBe('')
})

test('the meter shows what is left, in words as well', () => {
  const { container, rerender } = render(<Meter used={WAD / 4n} total={WAD} label="$0.25 of $1 used today" />)
  const left = () => container.querySelectorAll('rect')[1]!
  expect(screen.getByRole('img', { name: '$0.25 of $1 used today' })).toBeTruthy()
  expect([left().getAttribute('x'), left().getAttribute('width')]).toEqual(['250', '750'])
  rerender(<Meter used={0n} total={0n} label="nothing" />)
  expect(left().getAttribute('opacity')).toBe('0')
})

test('what is copied is the whole value, and the button says so', async () => {
  const written = vi.fn(async () => undefined)
  vi.stubGlobal('navigator', { clipboard: { writeText: written } })
  render(<Copy value={GATEWAY} />)
  fireEvent.click(screen.getByRole('button', { name: 'Copy' }))
  await screen.findByRole('button', { name: 'Copied' })
  expect(written).toHaveBeenCalledWith(GATEWAY)
  fireEvent.blur(screen.getByRole('button', { name: 'Copied' }))
  await screen.findByRole('button', { name: 'Copy' })
})

const CHOICES = [
  { value: 'mint', label: 'Mint' },
  { value: 'burn', label: 'Burn' },
] as const

test('one of several choices holds, and each can be taken', () => {
  const chosen = vi.fn()
  render(<Segments label="Side" choices={CHOICES} value="mint" onChange={chosen} />)
  expect(screen.getByRole('group', { name: 'Side' })).toBeTruthy()
  expect((screen.getByLabelText('Mint') as HTMLInputElement).checked).toBe(true)
  fireEvent.click(screen.getByLabelText('Burn'))
  expect(chosen).toHaveBeenCalledWith('burn')
})

test('tabs show the panel of the one that is chosen, and tell it to readers', () => {
  function Two() {
    const [value, setValue] = useState<'mint' | 'burn'>('mint')
    return (
      <Tabs label="Mint and burn" choices={CHOICES} value={value} onChange={setValue}>
        {`the form to ${value}`}
      </Tabs>
    )
  }
  render(<Two />)
  expect(screen.getByRole('tablist', { name: 'Mint and burn' })).toBeTruthy()
  expect(screen.getByRole('tabpanel', { name: 'Mint' }).textContent).toBe('the form to mint')
  fireEvent.mouseDown(screen.getByRole('tab', { name: 'Burn' }), { button: 0 })
  expect(screen.getByRole('tabpanel', { name: 'Burn' }).textContent).toBe('the form to burn')
  expect(screen.getByRole('tab', { name: 'Mint' }).getAttribute('aria-selected')).toBe('false')
})

test('an address is short for the eye, whole in its link, and named where it is known', () => {
  new FakeNode().start()
  renderPage(
    <>
      <Addr address={GATEWAY} />
      <Addr address={addressOf('0')} />
    </>,
  )
  const link = screen.getByRole('link', { name: '0x4444…4444' })
  expect([link.title, link.getAttribute('href')]).toEqual([GATEWAY, `#/${GATEWAY}`])
  expect(screen.getByText('gateway.example')).toBeTruthy()
  expect(screen.getByText('Nobody')).toBeTruthy()
})

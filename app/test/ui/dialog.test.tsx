// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { Dialog } from '../../src/ui/Dialog'

afterEach(cleanup)

test('a dialog is modal, named by its title, and gives the focus back', () => {
  const opener = document.body.appendChild(document.createElement('button'))
  opener.focus()
  const shown = vi.spyOn(HTMLDialogElement.prototype, 'showModal')
  const { unmount } = render(
    <Dialog title="Settings" onClose={() => undefined}>
      <input aria-label="Node" />
    </Dialog>,
  )
  expect(shown).toHaveBeenCalledOnce()
  expect(screen.getByRole('dialog', { name: 'Settings' }).hasAttribute('open')).toBe(true)
  screen.getByLabelText('Node').focus()
  unmount()
  expect(document.activeElement).toBe(opener)
})

test('Escape and the button close it by the page’s own state, once each', () => {
  const closed = vi.fn()
  render(
    <Dialog title="Settings" onClose={closed}>
      words
    </Dialog>,
  )
  const escape = new Event('cancel', { cancelable: true })
  fireEvent(screen.getByRole('dialog'), escape)
  expect([closed.mock.calls.length, escape.defaultPrevented]).toEqual([1, true])
  fireEvent.click(screen.getByRole('button', { name: 'Close' }))
  expect(closed).toHaveBeenCalledTimes(2)
})

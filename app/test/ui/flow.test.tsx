// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { FlowDialog } from '../../src/flow/FlowDialog'
import type { Flow } from '../../src/flow/flow'
import type { Phase } from '../../src/flow/FlowProvider'
import { Activity } from '../../src/journal/Activity'
import { record, type Entry, type State } from '../../src/journal/journal'
import { addressOf, FakeNode, renderPage } from '../lib/page'

const WAD = 10n ** 18n
const ME = addressOf('a')

const flow: Flow = {
  ...{ id: 'one', chainId: 412346, account: ME, title: 'Stake 2 VVV', at: 0 },
  summary: [['You get', '2 sVVV']],
  steps: [
    { kind: 'permit', amount: 2n * WAD },
    { kind: 'stakeSigned', recipient: ME, amount: 2n * WAD },
  ],
}

type Shown = Partial<Parameters<typeof FlowDialog>[0]>

function show(change: Shown) {
  new FakeNode().start()
  const nothing = () => undefined
  const handlers = { onContinue: nothing, onInstead: nothing, onAbandon: nothing, onClose: nothing }
  const state = { flow, phase: 'ready' as Phase, problem: undefined, elsewhere: false, wrongChain: false }
  return renderPage(<FlowDialog {...state} {...handlers} {...change} />)
}

const buttons = () => screen.getAllByRole('button').map((button) => button.textContent)
const status = () => document.querySelector('[data-phase]')!.textContent

test.each<[string, Shown, string, string[]]>([
  ['asks the contract', { phase: 'checking' }, 'Asking the contract', ['Give up', 'Approve instead']],
  ['waits for the wallet', { phase: 'wallet' }, 'Waiting for you', ['Give up', 'Approve instead']],
  [
    'waits for a block, which nobody can call back',
    { phase: 'block', flow: { ...flow, at: 1 } },
    'Sent. Waiting for a block',
    [],
  ],
  ['stands before the second step', { flow: { ...flow, at: 1 } }, 'Ready for the next step', ['Give up', 'Continue']],
  [
    'lost the wallet’s answer to a reload',
    { phase: 'lost', flow: { ...flow, at: 1 } },
    'reloaded while the wallet was asked',
    ['Give up', 'Ask again'],
  ],
  [
    'was refused',
    { problem: { kind: 'refused', message: 'Minting is paused' } },
    'Minting is paused',
    ['Give up', 'Approve instead', 'Try again'],
  ],
  ['is done', { flow: { ...flow, at: 2 } }, 'All steps are done.', ['Done']],
])('a flow that %s says so, and offers what can be done', (_, change, words, offered) => {
  show(change)
  expect(status()).toContain(words)
  expect(buttons().filter((name) => name !== '')).toEqual(offered)
})

test('a flow says what it is, its steps in words with exact amounts, and which one is next', () => {
  show({ flow: { ...flow, at: 1 } })
  expect(screen.getByRole('dialog', { name: 'Stake 2 VVV' })).toBeTruthy()
  const items = screen.getAllByRole('listitem')
  expect(items.map((item) => item.textContent)).toEqual([
    'Sign a permit for exactly 2 VVV (no transaction)done',
    'Stake 2 VVVnow',
  ])
  expect(items.map((item) => item.getAttribute('aria-current'))).toEqual([null, 'step'])
  expect(screen.getByText('2 sVVV')).toBeTruthy()
})

test.each([
  ['another account', { elsewhere: true }, 'at another account than the one that began this'],
  ['another network', { wrongChain: true }, 'at another network'],
])('at %s nothing can be signed', (_, change, words) => {
  show(change)
  expect(status()).toContain(words)
  for (const name of ['Continue', 'Approve instead']) {
    expect((screen.getByRole('button', { name }) as HTMLButtonElement).disabled).toBe(true)
  }
})

const entry = (nonce: number, state: State, change: Partial<Entry> = {}): Entry => ({
  ...{ id: `412346:${ME}:${nonce}`, chainId: 412346, account: ME, nonce, to: addressOf('3'), data: '0x' },
  ...{ label: `Act ${nonce}`, state, fromBlock: 1n, askedAt: 0, ...change },
})

test('the journal tells done, refused, cancelled and replaced apart, of this account and chain alone', () => {
  new FakeNode().start()
  record(entry(1, 'done', { spedUp: true }))
  record(entry(2, 'reverted'))
  record(entry(3, 'cancelled'))
  record(entry(4, 'replaced'))
  record(entry(5, 'done', { id: 'other chain', chainId: 1 }))
  record(entry(6, 'done', { id: 'other account', account: addressOf('b') }))
  renderPage(<Activity account={ME} />)
  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
    'Act 4Replaced',
    'Act 3Cancelled',
    'Act 2Refused',
    'Act 1Done, sped up',
  ])
})

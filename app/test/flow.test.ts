// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { approveInstead, change, currentOf, drop, flowOf, flows, inOneBatch, put, type Flow } from '../src/flow/flow'
import { amend, ended, entryOf, journal, record, type Entry } from '../src/journal/journal'

const [ME, OTHER] = [
  '0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  '0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',
] as const
const stake = (id: string, account: `0x${string}` = ME): Flow => ({
  ...{ id, chainId: 1, account, title: 'Stake 2 VVV', summary: [], at: 1 },
  permit: { deadline: 9n, v: 27, r: '0x1', s: '0x2' },
  entry: 'x',
  steps: [
    { kind: 'permit', amount: 2n },
    { kind: 'stakeSigned', recipient: account, amount: 2n },
  ],
})

beforeEach(() => {
  flows.set(() => [])
  journal.set(() => [])
})

test('without a permit the same stake begins anew by an exact approval, and the signature is forgotten', () => {
  const { steps, at, permit, entry } = approveInstead(stake('one'))
  expect(steps).toEqual([
    { kind: 'approve', amount: 2n },
    { kind: 'act', act: { contract: 'sVvv', functionName: 'stake', args: [ME, 2n] }, label: 'Stake 2 VVV' },
  ])
  expect([at, permit, entry]).toEqual([0, undefined, undefined])
})

test('for a wallet that batches it is one step', () => {
  expect(inOneBatch(stake('one')).steps).toEqual([{ kind: 'batch', recipient: ME, amount: 2n }])
})

test('an account has one flow at most, and another’s stays', () => {
  for (const flow of [stake('one'), stake('theirs', OTHER), stake('two')]) put(flow)
  expect(flowOf(flows.get(), 1, ME)?.id).toBe('two')
  expect(flowOf(flows.get(), 1, OTHER)?.id).toBe('theirs')
  expect(flowOf(flows.get(), 2, ME)).toBeUndefined()
  drop('two')
  expect(flowOf(flows.get(), 1, ME)).toBeUndefined()
})

test('what is kept outlives the page, its bigints included', () => {
  put(stake('one'))
  const text = localStorage.getItem('diem.flows')!
  flows.set(() => [])
  localStorage.setItem('diem.flows', text)
  dispatchEvent(new StorageEvent('storage', { key: 'diem.flows' }))
  expect(currentOf('one')).toEqual(stake('one'))
})

test('a change counts on what another tab wrote in the meantime', () => {
  put(stake('one'))
  const [one] = JSON.parse(localStorage.getItem('diem.flows')!)
  localStorage.setItem('diem.flows', JSON.stringify([one, { ...one, id: 'theirs', account: OTHER }]))
  change('one', { at: 2 })
  expect(flows.get().map(({ id, at }) => [id, at])).toEqual([
    ['one', 2],
    ['theirs', 1],
  ])
})

const entry: Entry = {
  ...{ id: '1:me:4', chainId: 1, account: ME, nonce: 4, to: OTHER, data: '0x', label: 'Act' },
  ...{ state: 'sent', fromBlock: 1n, askedAt: 0 },
}

test('an entry that has ended stays as it ended', async () => {
  record(entry)
  const waited = ended(entry.id)
  amend(entry.id, { state: 'cancelled' })
  amend(entry.id, { state: 'done' })
  expect((await waited).state).toBe('cancelled')
  expect(entryOf(entry.id)?.state).toBe('cancelled')
})

test('a nonce has one entry: what is sent under it again takes its place', () => {
  record(entry)
  record({ ...entry, label: 'Another' })
  expect(journal.get().map(({ label }) => label)).toEqual(['Another'])
})

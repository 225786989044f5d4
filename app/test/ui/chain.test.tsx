// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react'
import type { Address } from 'viem'
import { beforeEach, expect, test } from 'vitest'
import { useChain, useReads } from '../../src/chain/ChainProvider'
import { all } from '../../src/chain/node'
import { addressOf, FakeNode, renderPage } from '../lib/page'

const [ONE, TWO] = [addressOf('a'), addressOf('b')]
let node: FakeNode
beforeEach(() => {
  node = new FakeNode().start()
})

/** What a small view reads, and each value it ever showed. */
function Balances({ account, shown }: { account: Address; shown: string[] }) {
  const { head, down, refresh } = useChain()
  const reads = useReads('balances', [account], (read) =>
    all({ diem: read('diem', 'balanceOf', account), vvv: read('vvv', 'balanceOf', account) }),
  )
  const text = reads ? `${account.slice(0, 3)} ${reads.diem} ${reads.vvv}` : `${account.slice(0, 3)} …`
  if (shown.at(-1) !== text) shown.push(text)
  return (
    <>
      <p>{text}</p>
      <p>{down ? 'away' : `at ${head?.number ?? '?'}`}</p>
      <button onClick={() => void refresh()}>Refresh</button>
    </>
  )
}

const calls = () => node.asked.filter((list) => list.some(({ method }) => method === 'eth_call'))

test('all reads of a view travel in one request, pinned to one block', async () => {
  node.answer = ({ to }) => (to === addressOf('3') ? 5n : 6n)
  renderPage(<Balances account={ONE} shown={[]} />)
  await screen.findByText('0xa 5 6')
  expect(calls()).toHaveLength(1)
  expect(calls()[0]!.map(({ params }) => params[1])).toEqual(['0x7', '0x7'])
})

test('one account’s numbers are never shown under another’s name', async () => {
  node.answer = ({ data }) => (data.includes('aaaa') ? 1n : 2n)
  const shown: string[] = []
  const page = renderPage(<Balances account={ONE} shown={shown} />)
  await screen.findByText('0xa 1 1')
  page.rerender(<Balances account={TWO} shown={shown} />)
  await screen.findByText('0xb 2 2')
  expect(shown).toEqual(['0xa …', '0xa 1 1', '0xb …', '0xb 2 2'])
})

test('while the next block’s answer is awaited the last one stays; a node that is away is told', async () => {
  node.answer = () => BigInt(node.number)
  const shown: string[] = []
  renderPage(<Balances account={ONE} shown={shown} />)
  await screen.findByText('0xa 7 7')
  node.number = 8
  screen.getByRole('button').click()
  await screen.findByText('0xa 8 8')
  expect(shown).toEqual(['0xa …', '0xa 7 7', '0xa 8 8'])
  node.down = true
  screen.getByRole('button').click()
  await screen.findByText('away')
  expect(screen.getByText('0xa 8 8')).toBeTruthy()
  node.down = false
  screen.getByRole('button').click()
  await waitFor(() => expect(screen.getByText('at 8')).toBeTruthy())
})

test('reads that the node broke off are asked for again, though no block comes', async () => {
  node.answer = () => 3n
  node.breaks = 2
  renderPage(<Balances account={ONE} shown={[]} />)
  await screen.findByText('0xa 3 3', undefined, { timeout: 30_000 })
  expect(calls()).toHaveLength(3)
}, 60_000)

/** A chain made of answers, around the component under test. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, vi } from 'vitest'
import { ChainProvider } from '../../src/chain/ChainProvider'
import { openNode } from '../../src/chain/node'
import { readConfig } from '../../src/config'

export const addressOf = (digit: string) => `0x${digit.repeat(40)}` as const
export const GATEWAY = addressOf('4')
const RPC = 'http://127.0.0.1:8547'

const config = readConfig({
  deployments: [
    {
      ...{ chainId: 412346, name: 'Dev node', rpcUrl: RPC, devnet: true, fromBlock: 0 },
      ...{ vvv: addressOf('1'), sVvv: addressOf('2'), diem: addressOf('3') },
    },
  ],
  gateways: { [GATEWAY]: 'https://gateway.example' },
})

type Asked = { id: number; method: string; params: unknown[] }

/** A node at block `number`. `asked` holds its requests, each a list of what travelled in it. */
export class FakeNode {
  number = 7
  down = false
  /** Requests with reads of contracts that are cut off before the next is answered. */
  breaks = 0
  asked: Asked[][] = []
  /** Words of an `eth_call`'s answer. */
  answer: (call: { to: string; data: string }) => bigint = () => 0n

  start() {
    vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
      if (this.down) throw new TypeError('fetch failed')
      const request = JSON.parse(body) as Asked | Asked[]
      const list = [request].flat()
      this.asked.push(list)
      if (this.breaks > 0 && list.some(({ method }) => method === 'eth_call')) {
        this.breaks--
        throw new TypeError('fetch failed')
      }
      const answers = list.map(({ id, method, params }) => ({
        jsonrpc: '2.0',
        id,
        result: this.result(method, params),
      }))
      return new Response(JSON.stringify(Array.isArray(request) ? answers : answers[0]), {
        headers: { 'content-type': 'application/json' },
      })
    })
    return this
  }

  private result(method: string, params: unknown[]): unknown {
    if (method === 'eth_call') {
      return `0x${this.answer(params[0] as { to: string; data: string })
        .toString(16)
        .padStart(64, '0')}`
    }
    if (method === 'eth_getBlockByNumber') {
      const hex = `0x${this.number.toString(16)}`
      return {
        number: hex,
        timestamp: '0x6000',
        hash: `0x${this.number.toString(16).padStart(64, '0')}`,
        transactions: [],
      }
    }
    throw new Error(`no answer to ${method}`)
  }
}

export function renderPage(children: ReactNode) {
  const node = openNode(config.deployments[0]!)
  const queries = new QueryClient()
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>
      <ChainProvider config={config} node={node}>
        {children}
      </ChainProvider>
    </QueryClientProvider>
  )
  return render(children, { wrapper })
}

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  // What a test left under way gets no answer any more.
  vi.stubGlobal('fetch', () => new Promise(() => undefined))
  localStorage.clear()
  dispatchEvent(new StorageEvent('storage', { key: null }))
})

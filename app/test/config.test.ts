import { expect, test } from 'vitest'
import { BadConfig, readConfig } from '../src/config'
import { routeOf } from '../src/route'
// @ts-expect-error: a script without types
import { configOf } from '../scripts/config.mjs'

const address = (digit: string) => `0x${digit.repeat(40)}`
const record = {
  chainId: 412346,
  rpcUrl: 'http://127.0.0.1:8547',
  vvv: address('1'),
  sVvv: address('2'),
  diem: address('3'),
  contracts: { vvv: { block: 7 }, sVvv: { block: 8 }, diem: { block: 9 } },
}

test('a deployment record becomes settings that the page takes', () => {
  const { deployments, gateways } = readConfig(configOf([record], { [address('4')]: 'http://127.0.0.1:8548/' }))
  expect(deployments).toEqual([
    expect.objectContaining({ chainId: 412346, name: 'Dev node', devnet: true, fromBlock: 7n, diem: address('3') }),
  ])
  expect([...gateways]).toEqual([[address('4'), 'http://127.0.0.1:8548']])
})

test('a VVV that was there before does not make the page read from the first block on', () => {
  const contracts = { ...record.contracts, vvv: { block: null }, timelock: { block: 10 } }
  expect(configOf([{ ...record, contracts }]).deployments[0].fromBlock).toBe(8)
})

test('a record whose deployment stopped half-way is refused', () => {
  expect(() => configOf([{ ...record, diem: null }])).toThrow('the record of chain 412346 has no diem')
})

test.each([
  [null, 'deployments is no list'],
  [{ deployments: [] }, 'there is no deployment'],
  [
    { deployments: [{ ...configOf([record]).deployments[0], rpcUrl: 'javascript:alert(1)' }] },
    'rpcUrl is no http address',
  ],
  [{ deployments: [{ ...configOf([record]).deployments[0], vvv: '0x12' }] }, 'vvv is no address'],
])('settings that cannot be used say where: %#', (value, message) => {
  expect(() => readConfig(value)).toThrow(BadConfig)
  expect(() => readConfig(value)).toThrow(message)
})

test('a fragment leads to a view, an address to the overview, anything else home', () => {
  const account = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
  expect(routeOf('#/credit')).toEqual({ view: 'credit' })
  expect(routeOf(`#/${account.toLowerCase()}`)).toEqual({ view: 'overview', address: account })
  expect(routeOf(`#/history/${account}`)).toEqual({ view: 'history', address: account })
  expect(routeOf('#/<script>')).toEqual({ view: 'overview' })
})

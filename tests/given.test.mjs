// The suite against nodes that are given: with dev methods nothing is skipped, without them it is said what is; on anvil it
// is the twin that runs. A few suites stand for all; `scripts/test --rpc URL` runs them all.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { startChain } from '../bench/lib/chain.mjs'
import { built, runAgainst, targetOf } from './given.mjs'

const SOME = ['roles::', 'vvv::', 'diem::token::', 'permit::a_permit_is_valid', 'for_good::renouncing', 'chain_id::']
const TIME = 'evm_setNextBlockTimestamp'
const DEV_METHODS = /^(evm|anvil|hardhat|arbdebug)_/

/** A door in front of `rpcUrl` that knows no dev methods, as official nodes and public endpoints. */
async function withoutDevMethods(rpcUrl) {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { id, method } = JSON.parse(body)
    const message = `the method ${method} does not exist/is not available`
    const answer = DEV_METHODS.test(method)
      ? JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32_601, message } })
      : await (await fetch(rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).text()
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  ends.push(() => server.close().closeAllConnections())
  return `http://127.0.0.1:${server.address().port}`
}

async function against(url, target) {
  assert.equal(await targetOf(url), target)
  const failures = []
  const tell = (name, { kind, output }) => kind === 'failed' && failures.push(`${name}\n${output}`)
  const counts = await runAgainst(url, { program: built(target), filters: SOME, tell })
  assert.equal(failures.length, 0, failures.join('\n'))
  return counts
}

/** Ends what the tests began. */
const ends = []
after(() => ends.forEach((end) => end()))

/** A node that ends with the tests. */
async function node(kind, options) {
  const { rpcUrl, stop } = await startChain(kind, options)
  ends.push(stop)
  return rpcUrl
}

let devnode
before(async () => (devnode = await node('devnode')))

test('on our node only what needs another chain id is skipped', async () => {
  const { passed, skipped, needs } = await against(devnode, 'stylus')
  assert.ok(passed > 10, `${passed} passed`)
  assert.deepEqual([skipped, needs], [1, { 'a node with chain id 8453': 1 }])
})

test('on a node without dev methods what needs its time set is skipped, and the rest passes', async () => {
  const { passed, skipped, needs } = await against(await withoutDevMethods(devnode), 'stylus')
  assert.ok(passed > 10, `${passed} passed`)
  assert.ok(skipped > 1 && needs[TIME] >= 1, JSON.stringify(needs))
})

test("on anvil under Base's chain id it is the twin, and nothing is skipped", async () => {
  const { passed, skipped } = await against(await node('anvil', { chainId: 8453 }), 'evm')
  assert.ok(passed > 10, `${passed} passed`)
  assert.equal(skipped, 0)
})

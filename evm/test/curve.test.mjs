// The Solidity curve against the exact reference values of vectors/mint-curve.json.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect, startChain } from '../../bench/lib/chain.mjs'
import { ROOT } from '../../bench/lib/tools.mjs'
import { artifact, build } from '../build.mjs'

/** The promised closeness: one part in 1e15, and one wei. */
const PARTS = 10n ** 15n
const vectors = JSON.parse(readFileSync(join(ROOT, 'vectors', 'mint-curve.json'), 'utf8'))
let chain
let node
let curve

before(async () => {
  build()
  node = await startChain('anvil')
  chain = await connect(node.rpcUrl)
  curve = await chain.deploy(chain.accounts[0], artifact('CurveHarness'))
})
after(() => node.stop())

const ask = (fn, v, last) =>
  chain.read(curve, fn, [BigInt(v.base_rate), BigInt(v.target), BigInt(v.supply), ...(last === undefined ? [] : [BigInt(last)])])

test('an exact mint never costs less than the exact integral, and more by one part in 1e15 and a wei', async () => {
  for (const v of vectors.mint_exact) {
    const exact = BigInt(v.svvv_ceil)
    const got = await ask('costUp', v, v.diem)
    assert.ok(got >= exact && got <= exact + exact / PARTS + 1n, `${JSON.stringify(v)} gave ${got}`)
  }
})

test('a mint never gives more than the exact inverse, and less by one part in 1e15 and a wei', async () => {
  for (const v of vectors.mint) {
    if (v.diem_floor === null) {
      await assert.rejects(ask('diemOutDown', v, v.svvv), /MintCapExceeded/)
      continue
    }
    const exact = BigInt(v.diem_floor)
    const got = await ask('diemOutDown', v, v.svvv)
    assert.ok(got <= exact && got >= exact - exact / PARTS - 1n, `${JSON.stringify(v)} gave ${got}`)
  }
})

test('the inverse is the largest amount that the cost function affords', async () => {
  for (const v of vectors.mint.filter((each) => each.diem_floor !== null)) {
    const got = await ask('diemOutDown', v, v.svvv)
    assert.ok((await ask('costUp', v, got)) <= BigInt(v.svvv) || got === 0n)
    if (BigInt(v.supply) + got < 2n * BigInt(v.target)) {
      assert.ok((await ask('costUp', v, got + 1n)) > BigInt(v.svvv))
    }
  }
})

test('the rate is within one part in 1e15', async () => {
  for (const v of vectors.rate) {
    const exact = BigInt(v.rate_floor)
    const got = await ask('rateAt', v)
    const off = got > exact ? got - exact : exact - got
    assert.ok(off <= exact / PARTS + 1n, `${JSON.stringify(v)} gave ${got}`)
  }
})

test('the live grid reaches its last bucket, far past the cap', async () => {
  // venice-abi: the exact formula at 128,000 DIEM with a target of 40,000.
  const got = await chain.read(curve, 'rateAt', [90n * 10n ** 18n, 40_000n * 10n ** 18n, 128_000n * 10n ** 18n])
  const exact = 2607147939865905755623526730361161811166828763029n
  const off = got > exact ? got - exact : exact - got
  assert.ok(off <= exact / PARTS, `${got}`)
})

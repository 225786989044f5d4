// MintRouter: one signature and one transaction from VVV to DIEM; each user's position stays their own.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openWorld } from '../../../bench/lib/world.mjs'
import { WAD } from '../../../bench/lib/design.mjs'
import { assertEstimateHolds } from '../../../bench/lib/seconds.mjs'
import { viem } from '../../../bench/lib/tools.mjs'
import { artifact } from '../../../evm/build.mjs'

const DAY = 86_400n
const AMOUNT = 9_000n * WAD
const NO_SIGNATURE = [0, `0x${'00'.repeat(32)}`, `0x${'00'.repeat(32)}`]
let world
let chain
let router
let alice
let bob
const pocketOf = async (account) => ({
  address: await chain.read(router, 'pocketOf', [account.address]),
  abi: artifact('MintPocket').abi,
})

/** Moves the pool. */
const touch = (account) => chain.write(account, world.sVvv, 'stake', [account.address, WAD])

/** Alice's act, whose estimate must hold when somebody else moves the pool. */
async function act(contract, functionName, ...args) {
  await assertEstimateHolds(chain, alice, { contract, functionName, args }, () => touch(chain.accounts[8]))
  await chain.write(alice, contract, functionName, args)
}

/** Signs a VVV permit for the router. */
async function signPermit(account, value, deadline) {
  const { address } = world.vvv
  const signature = await account.signTypedData({
    domain: { name: 'Venice Token', version: '1', chainId: chain.chainId, verifyingContract: address },
    types: {
      Permit: [
        { name: 'owner', type: 'address' },
        { name: 'spender', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    primaryType: 'Permit',
    message: {
      owner: account.address,
      spender: router.address,
      value,
      nonce: await chain.read(world.vvv, 'nonces', [account.address]),
      deadline,
    },
  })
  const { v, r, s } = viem.parseSignature(signature)
  return [Number(v), r, s]
}

async function mintWithPermit(account, minDiemOut) {
  const deadline = (await chain.now()) + 3_600n
  const signature = await signPermit(account, AMOUNT, deadline)
  return chain.write(account, router, 'mintWithPermit', [AMOUNT, minDiemOut, deadline, ...signature])
}

before(async () => {
  world = await openWorld()
  chain = world.chain
  ;[alice, bob] = chain.accounts.slice(6, 8)
  router = await world.deploy(alice, 'MintRouter', [world.sVvv.address])
  for (const account of [alice, bob]) await chain.write(account, world.vvv, 'mint', [account.address, AMOUNT])
})
after(() => world.stop())

test('a signed permit becomes DIEM in one transaction, exactly as quoted', async () => {
  const quote = await chain.read(world.diem, 'previewMint', [AMOUNT])
  const held = await chain.read(world.diem, 'balanceOf', [alice.address])
  await assert.rejects(mintWithPermit(alice, quote + 1n), /SlippageExceeded/)
  await mintWithPermit(alice, quote)
  assert.equal((await chain.read(world.diem, 'balanceOf', [alice.address])) - held, quote)
  const pocket = await pocketOf(alice)
  const [locked, outstanding] = await chain.read(world.diem, 'position', [pocket.address])
  assert.deepEqual([locked, outstanding], [AMOUNT, quote])
  assert.equal(await chain.read(world.vvv, 'balanceOf', [router.address]), 0n)
  assert.equal(await chain.read(world.diem, 'balanceOf', [router.address]), 0n)
})

test('a permit that somebody submitted before does not block the mint', async () => {
  const deadline = (await chain.now()) + 3_600n
  const signature = await signPermit(bob, AMOUNT, deadline)
  await chain.write(alice, world.vvv, 'permit', [bob.address, router.address, AMOUNT, deadline, ...signature])
  await chain.write(bob, router, 'mintWithPermit', [AMOUNT, 0n, deadline, ...signature])
})

test('without an allowance nothing happens', async () => {
  await chain.write(bob, world.vvv, 'mint', [bob.address, AMOUNT])
  const deadline = (await chain.now()) + 3_600n
  await assert.rejects(
    chain.write(bob, router, 'mintWithPermit', [AMOUNT, 0n, deadline, ...NO_SIGNATURE]),
    /underflow or overflow/, // VVV says no more
  )
})

test('an estimate of a routed mint holds in a second in which staking has more to do', async () => {
  const carol = chain.accounts[8]
  await chain.write(carol, world.vvv, 'mint', [carol.address, 2n * AMOUNT])
  await chain.write(carol, world.vvv, 'approve', [router.address, AMOUNT])
  await chain.write(carol, world.vvv, 'approve', [world.sVvv.address, AMOUNT])
  await assertEstimateHolds(chain, carol, { contract: router, functionName: 'mint', args: [AMOUNT, 0n] }, () => touch(carol))
})

test('only the user moves a pocket, and positions do not mix', async () => {
  const [mine, theirs] = [await pocketOf(alice), await pocketOf(bob)]
  assert.notEqual(mine.address, theirs.address)
  await assert.rejects(chain.write(bob, mine, 'claim'), /OnlyUser/)
  await assert.rejects(chain.write(alice, mine, 'mint', [1n, 0n]), /OnlyRouter/)
  const [, cheap] = await chain.read(world.diem, 'position', [mine.address])
  const [, dear] = await chain.read(world.diem, 'position', [theirs.address])
  assert.ok(cheap > dear) // the same VVV bought less DIEM later
})

test('the user burns, claims the yield and gets every VVV back', async () => {
  const pocket = await pocketOf(alice)
  await chain.warp(30n * DAY)
  const [locked, outstanding] = await chain.read(world.diem, 'position', [pocket.address])
  await chain.write(alice, world.diem, 'approve', [pocket.address, outstanding])
  await act(pocket, 'burn', outstanding)
  const before = await chain.read(world.vvv, 'balanceOf', [alice.address])
  await act(pocket, 'claim')
  const claimed = (await chain.read(world.vvv, 'balanceOf', [alice.address])) - before
  assert.ok(claimed > 0n)
  await act(pocket, 'unstake', locked)
  await chain.warp(7n * DAY)
  await act(pocket, 'collect')
  assert.equal((await chain.read(world.vvv, 'balanceOf', [alice.address])) - before - claimed, AMOUNT)
})

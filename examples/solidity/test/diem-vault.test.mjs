// DiemVault goes all the way in and all the way out; the vault itself checks every delta, the test the ends.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openWorld } from '../../../bench/lib/world.mjs'
import { WAD } from '../../../bench/lib/design.mjs'

const DAY = 86_400n
const DEPOSIT = 10_000n * WAD
const LOCK = 4_000n * WAD
let world
let chain
let owner
let vault
const write = (fn, args) => chain.write(owner, vault, fn, args)
const holdings = () => chain.read(vault, 'holdings')

before(async () => {
  world = await openWorld()
  chain = world.chain
  owner = chain.accounts[2]
  vault = await world.deploy(owner, 'DiemVault', [world.sVvv.address, owner.address])
  await chain.write(owner, world.vvv, 'mint', [owner.address, DEPOSIT])
  await chain.write(owner, world.vvv, 'approve', [vault.address, DEPOSIT])
})
after(() => world.stop())

test('a quote plus one wei as minimum reverts, the quote itself is met', async () => {
  await write('stake', [DEPOSIT])
  const quote = await chain.read(world.sVvv, 'getDiemAmountOut', [LOCK])
  await assert.rejects(write('mintDiem', [LOCK, quote + 1n]), /SlippageExceeded|MIN_AMOUNT_OUT/)
  await write('mintDiem', [LOCK, quote])
  const { locked, free, diem, owed } = await holdings()
  assert.deepEqual([locked, free, diem, owed], [LOCK, DEPOSIT - LOCK, quote, quote])
})

test('rewards of a month are harvested to the wei', async () => {
  await chain.warp(30n * DAY)
  const before = await chain.read(world.vvv, 'balanceOf', [owner.address])
  const receipt = await write('harvest')
  const paid = (await chain.read(world.vvv, 'balanceOf', [owner.address])) - before
  assert.ok(paid > 0n)
  assert.equal(await chain.read(world.vvv, 'balanceOf', [vault.address]), 0n)
  assert.equal(await chain.read(world.sVvv, 'lastRewardTimestamp'), (await chain.publicClient.getBlock({ blockNumber: receipt.blockNumber })).timestamp)
})

test('staked DIEM comes back after its day, not before', async () => {
  const { diem } = await holdings()
  await write('stakeDiem', [diem])
  await write('unstakeDiem', [diem / 2n])
  await chain.warp(DAY / 2n)
  await write('unstakeDiem', [diem - diem / 2n]) // restarts the clock of the whole bucket
  await chain.warp(DAY / 2n + 60n)
  await assert.rejects(write('collectDiem'), /CooldownNotOver|COOLDOWN_NOT_OVER/)
  await chain.warp(DAY / 2n)
  await write('collectDiem')
  assert.equal((await holdings()).diem, diem)
})

test('burning part and then the rest unlocks every locked unit', async () => {
  const { owed } = await holdings()
  await write('burnDiem', [owed / 3n])
  const { locked } = await holdings()
  assert.equal(locked, LOCK - (LOCK * (owed / 3n)) / owed)
  await write('burnDiem', [owed - owed / 3n])
  const { locked: left, owed: rest, free } = await holdings()
  assert.deepEqual([left, rest, free], [0n, 0n, DEPOSIT])
})

test('the whole deposit is the owner’s again after seven days', async () => {
  await write('unstake', [DEPOSIT])
  await assert.rejects(write('collect'), /CooldownNotOver|COOLDOWN_NOT_OVER/)
  await chain.warp(7n * DAY)
  const before = await chain.read(world.vvv, 'balanceOf', [owner.address])
  await write('collect')
  assert.equal((await chain.read(world.vvv, 'balanceOf', [owner.address])) - before, DEPOSIT)
  await write('harvest') // what accrued until the burn
  const all = await holdings()
  for (const [name, amount] of Object.entries(all)) assert.equal(amount, 0n, name)
})

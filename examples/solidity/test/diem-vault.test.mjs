// DiemVault goes all the way in and all the way out; the vault itself checks every delta, the test the ends.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openWorld } from '../../../bench/lib/world.mjs'
import { WAD } from '../../../bench/lib/design.mjs'
import { assertEstimateHolds } from '../../../bench/lib/seconds.mjs'

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

test('an estimate of each act holds in a second in which the pool has more to do', async () => {
  const [other, fresh] = [chain.accounts[9], await world.deploy(owner, 'DiemVault', [world.sVvv.address, owner.address])]
  await chain.write(other, world.vvv, 'mint', [other.address, 10n * WAD])
  await chain.write(other, world.vvv, 'approve', [world.sVvv.address, 10n * WAD])
  await chain.write(owner, world.vvv, 'mint', [owner.address, DEPOSIT])
  await chain.write(owner, world.vvv, 'approve', [fresh.address, DEPOSIT])
  const touch = () => chain.write(other, world.sVvv, 'stake', [other.address, WAD])
  const life = [
    ['stake', DEPOSIT],
    ['mintDiem', LOCK, 0n],
    ['harvest'],
    ['stakeDiem', WAD],
    ['unstakeDiem', WAD],
    [DAY, 'collectDiem'],
    ['burnDiem', WAD],
    ['unstake', WAD],
    [7n * DAY, 'collect'],
  ]
  const failed = []
  const check = (act, touch) => assertEstimateHolds(chain, owner, act, touch).catch(({ message }) => failed.push(message))
  let last
  for (const [wait, functionName, ...args] of life.map((act) => (typeof act[0] === 'bigint' ? act : [0n, ...act]))) {
    const act = { contract: fresh, functionName, args }
    if (last && !wait) await check(act, last)
    if (last) await last()
    if (wait) await chain.warp(wait)
    await check(act, touch)
    last = () => chain.act(owner, act)
  }
  assert.deepEqual(failed, [])
})

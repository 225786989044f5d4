// LiquidDiem: deposits are staked, redemptions wait in batches, nobody's wait is prolonged by somebody else's.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openWorld } from '../../../bench/lib/world.mjs'
import { WAD } from '../../../bench/lib/design.mjs'
import { assertEstimateHolds } from '../../../bench/lib/seconds.mjs'

const DAY = 86_400n
const LOCK = 20_000n * WAD
const DEPOSIT = 50n * WAD
let world
let chain
let vault
let alice
let bob
let keeper
const diemOf = (account) => chain.read(world.diem, 'balanceOf', [account.address])
const staked = async () => (await chain.read(world.diem, 'stakedInfos', [vault.address]))[0]

async function getDiem(account) {
  await chain.write(account, world.vvv, 'mint', [account.address, LOCK])
  await chain.write(account, world.vvv, 'approve', [world.sVvv.address, LOCK])
  await chain.write(account, world.sVvv, 'stake', [account.address, LOCK])
  await chain.write(account, world.sVvv, 'mintDiem', [LOCK, 0n])
  await chain.write(account, world.diem, 'approve', [vault.address, 2n ** 256n - 1n])
}

before(async () => {
  world = await openWorld()
  chain = world.chain
  ;[alice, bob, keeper] = chain.accounts.slice(3, 6)
  vault = await world.deploy(keeper, 'LiquidDiem', [world.diem.address])
  await getDiem(alice)
  await getDiem(bob)
})
after(() => world.stop())

test('a deposit is staked at once and shares are one for one', async () => {
  await chain.write(alice, vault, 'deposit', [DEPOSIT, alice.address])
  await chain.write(bob, vault, 'deposit', [DEPOSIT, bob.address])
  assert.equal(await chain.read(vault, 'balanceOf', [alice.address]), DEPOSIT)
  assert.equal(await staked(), 2n * DEPOSIT)
  assert.equal(await chain.read(vault, 'totalAssets'), 2n * DEPOSIT)
})

test('assets cannot be taken out at once', async () => {
  assert.equal(await chain.read(vault, 'maxWithdraw', [alice.address]), 0n)
  await assert.rejects(
    chain.write(alice, vault, 'redeem', [DEPOSIT, alice.address, alice.address]),
    /ERC4626ExceededMaxRedeem/,
  )
})

test('DIEM sent to the vault and staked raises the price of a share', async () => {
  await chain.write(bob, world.diem, 'transfer', [vault.address, 10n * WAD])
  await chain.write(keeper, vault, 'stakeIdle')
  assert.equal(await staked(), 2n * DEPOSIT + 10n * WAD)
  const worth = await chain.read(vault, 'previewRedeem', [DEPOSIT])
  assert.ok(worth <= DEPOSIT + 5n * WAD && worth >= DEPOSIT + 5n * WAD - 2n, `${worth}`)
})

test('a batch that cools is not prolonged by a later request', async () => {
  const first = await chain.read(vault, 'previewRedeem', [DEPOSIT])
  await chain.write(alice, vault, 'requestRedeem', [DEPOSIT, alice.address, alice.address])
  await chain.write(keeper, vault, 'startBatch')
  await chain.warp(DAY / 2n)

  const second = await chain.read(vault, 'previewRedeem', [DEPOSIT / 2n])
  await chain.write(bob, vault, 'requestRedeem', [DEPOSIT / 2n, bob.address, bob.address])
  await assert.rejects(chain.write(keeper, vault, 'startBatch'), /BatchCooling/)
  await chain.warp(DAY / 2n)

  await chain.write(keeper, vault, 'settleBatch')
  await chain.write(keeper, vault, 'startBatch')
  const before = await diemOf(alice)
  await chain.write(keeper, vault, 'collect', [1n, alice.address])
  assert.equal((await diemOf(alice)) - before, first)
  await assert.rejects(chain.write(keeper, vault, 'collect', [1n, alice.address]), /NothingRequested/)
  await assert.rejects(chain.write(keeper, vault, 'collect', [2n, bob.address]), /BatchNotSettled/)
  await assert.rejects(chain.write(keeper, vault, 'settleBatch'), /CooldownNotOver|COOLDOWN_NOT_OVER/)

  await chain.warp(DAY)
  await chain.write(keeper, vault, 'settleBatch')
  const held = await diemOf(bob)
  await chain.write(bob, vault, 'collect', [2n, bob.address])
  assert.equal((await diemOf(bob)) - held, second)
})

test('what nobody was paid is what the remaining shares own', async () => {
  assert.equal(await chain.read(vault, 'owed'), 0n)
  assert.equal(await chain.read(vault, 'totalAssets'), await staked())
  assert.equal(await diemOf(vault), 0n)
  assert.equal(await chain.read(vault, 'totalSupply'), DEPOSIT / 2n)
})

test('an estimate of each act holds in a second in which the pool has more to do', async () => {
  const touch = () => chain.write(bob, world.diem, 'stake', [WAD / 10n])
  const life = [
    [alice, 'deposit', DEPOSIT / 10n, alice.address],
    [alice, 'mint', WAD, alice.address],
    [alice, 'requestRedeem', WAD, alice.address, alice.address],
    [keeper, 'startBatch'],
    [keeper, 'settleBatch'],
    [keeper, 'collect', 3n, alice.address],
    [keeper, 'stakeIdle'],
  ]
  for (const [account, functionName, ...args] of life) {
    if (functionName === 'settleBatch') await chain.warp(DAY)
    if (functionName === 'stakeIdle') await chain.write(bob, world.diem, 'transfer', [vault.address, WAD])
    const act = { contract: vault, functionName, args }
    await assertEstimateHolds(chain, account, act, touch)
    await chain.act(account, act)
  }
})

import assert from 'node:assert/strict'
import { everyWay } from './lib/everyWay.mjs'
import { stage } from './lib/stage.mjs'
import { breakVvv, WAD } from './lib/world.mjs'

const { scene } = stage()
const WEEK = 7 * 86_400

/** What the view says of an account, against the contracts. */
async function numbers(show, world) {
  const { address } = show.account
  await show.fact('vvv', await world.read(world.vvv, 'balanceOf', address))
  await show.fact('free', await world.read(world.sVvv, 'balanceOfUnlocked', address))
  await show.fact('pending', await world.read(world.sVvv, 'pendingRewards', address))
  const [locked] = await world.read(world.diem, 'position', address)
  await show.fact('locked', locked)
}

async function staked(show, world, amount) {
  assert.equal(await world.read(world.sVvv, 'balanceOfUnlocked', show.account.address), amount)
  assert.equal(await world.read(world.vvv, 'allowance', show.account.address, world.sVvv.address), 0n)
  await numbers(show, world)
}

const drain = (world, account) => world.write(account, world.vvv, 'transfer', world.other.address, 10n * WAD)
const TOO_SMALL = 'The VVV balance or the allowance is too small'

everyWay(scene, {
  name: 'stake by permit',
  view: 'stake',
  vvv: 10n * WAD,
  act: (show) => show.fill('Amount', '7.5'),
  button: 'Stake',
  check: (show, world) => staked(show, world, 75n * (WAD / 10n)),
  refuse: drain,
  refusal: TOO_SMALL,
})

everyWay(scene, {
  name: 'stake by exact approval',
  view: 'stake',
  vvv: 10n * WAD,
  act: async (show) => {
    await show.fill('Amount', '10')
    await show.page.getByLabel('Approval: two transactions').check()
  },
  button: 'Stake',
  transactions: 2,
  check: (show, world) => staked(show, world, 10n * WAD),
  refuse: drain,
  refusal: TOO_SMALL,
})

everyWay(scene, {
  name: 'stake in one batch (EIP-5792)',
  view: 'stake',
  vvv: 10n * WAD,
  wallet: (wallet) => Object.assign(wallet, { batches: true }),
  act: (show) => show.fill('Amount', '2.000000000000000001'),
  button: 'Stake',
  transactions: 2,
  check: (show, world) => staked(show, world, 2n * WAD + 1n),
  refuse: drain,
  refusal: TOO_SMALL,
})

everyWay(scene, {
  name: 'get test VVV',
  view: 'stake',
  button: 'Get 10,000 test VVV',
  check: async (show, world) => {
    assert.equal(await world.read(world.vvv, 'balanceOf', show.account.address), 10_000n * WAD)
    await numbers(show, world)
  },
  refuse: async (world) => {
    const supply = await world.read(world.vvv, 'totalSupply')
    await world.write(world.other, world.vvv, 'mint', world.other.address, 2n ** 256n - 1n - supply)
  },
  refusal: 'There cannot be so much VVV.',
})

const withStake = (world, account) => world.stakeVvv(account, 100n * WAD)

everyWay(scene, {
  name: 'unstake',
  view: 'stake',
  prepare: withStake,
  act: async (show) => {
    await show.tab('Unstake').click()
    await show.fill('Amount', '40.000000000000000001')
  },
  button: 'Start unstaking',
  check: async (show, world) => {
    const [, , cooling] = await world.read(world.sVvv, 'stakes', show.account.address)
    assert.equal(cooling, 40n * WAD + 1n)
    await show.tab('Unstake').click()
    await show.main.getByText('Until it is taken, another request would be refused').waitFor()
    await numbers(show, world)
  },
  refuse: (world, account) => world.write(account, world.sVvv, 'initiateUnstake', WAD),
  refusal: 'One unstake request is running',
})

everyWay(scene, {
  name: 'take unstaked VVV',
  view: 'stake',
  prepare: async (world, account) => {
    await withStake(world, account)
    await world.write(account, world.sVvv, 'initiateUnstake', 30n * WAD)
    await world.chain.warp(WEEK)
  },
  act: (show) => show.tab('Unstake').click(),
  button: 'Take VVV',
  check: async (show, world) => {
    assert.equal(await world.read(world.vvv, 'balanceOf', show.account.address), 30n * WAD)
    await numbers(show, world)
  },
  refuse: (world, account) => world.write(account, world.sVvv, 'finalizeUnstake'),
  refusal: 'Nothing is cooling down',
})

const claimed = async (world, account) => {
  await world.write(world.owner, world.sVvv, 'setEmissionRate', 0n)
  await world.write(account, world.sVvv, 'claim')
}

for (const [name, button, refuse, refusal] of [
  // With nothing pending a claim pays nothing, and is not refused: only the token can.
  ['claim rewards', 'Claim to wallet', breakVvv, 'The VVV token refused, or gave no sensible answer.'],
  ['compound rewards', 'Compound', claimed, 'No reward is pending'],
]) {
  everyWay(scene, {
    name,
    view: 'stake',
    prepare: async (world, account) => {
      await withStake(world, account)
      await world.chain.warp(1_000)
    },
    act: (show) => show.tab('Rewards').click(),
    button,
    check: async (show, world) => {
      const { address } = show.account
      const vvv = await world.read(world.vvv, 'balanceOf', address)
      const free = await world.read(world.sVvv, 'balanceOfUnlocked', address)
      assert.ok(vvv + free > 100n * WAD)
      await numbers(show, world)
    },
    refuse,
    refusal,
  })
}

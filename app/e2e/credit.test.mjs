import assert from 'node:assert/strict'
import { everyWay } from './lib/everyWay.mjs'
import { stage } from './lib/stage.mjs'
import { WAD } from './lib/world.mjs'

const { scene } = stage()
const DAY = 86_400

async function numbers(show, world) {
  const { address } = show.account
  const [, allowance, used, , next] = await world.read(world.diem, 'lineOf', address)
  const [staked] = await world.read(world.diem, 'stakedInfos', address)
  await show.fact('left', allowance - used)
  await show.fact('allowance', allowance)
  await show.fact('used', used)
  await show.fact('next', next)
  await show.fact('staked', staked)
  await show.fact('diem', await world.read(world.diem, 'balanceOf', address))
  await show.fact('leased', await world.read(world.diem, 'leasedOut', address))
}

const withDiem = (world, account) => world.mintDiem(account, 20n * WAD)

async function withStake(world, account) {
  await withDiem(world, account)
  await world.write(account, world.diem, 'stake', 12n * WAD)
}

everyWay(scene, {
  name: 'stake DIEM',
  view: 'credit',
  prepare: withDiem,
  act: (show) => show.fill('Amount', '12.25'),
  button: 'Stake',
  check: async (show, world) => {
    const [allowance] = await world.read(world.diem, 'creditsOf', show.account.address)
    assert.equal(allowance, 1225n * (WAD / 100n))
    await numbers(show, world)
  },
  refuse: (world, account) => world.write(account, world.diem, 'transfer', world.other.address, 15n * WAD),
  refusal: 'You have 5 liquid DIEM; 12.25 is needed.',
})

everyWay(scene, {
  name: 'unstake DIEM',
  view: 'credit',
  prepare: withStake,
  act: async (show) => {
    await show.tab('Unstake').click()
    await show.fill('Amount', '4')
  },
  button: 'Start unstaking',
  check: async (show, world) => {
    const [, , cooling] = await world.read(world.diem, 'stakedInfos', show.account.address)
    assert.equal(cooling, 4n * WAD)
    // Today's credit is firm; tomorrow's is less.
    await show.fact('allowance', 12n * WAD)
    await show.fact('next', 8n * WAD)
    await numbers(show, world)
  },
  refuse: (world, account) => world.write(account, world.diem, 'initiateUnstake', 10n * WAD),
  refusal: '4 was asked for; 2 is neither leased out nor already leaving.',
})

everyWay(scene, {
  name: 'withdraw DIEM',
  view: 'credit',
  prepare: async (world, account) => {
    await withStake(world, account)
    await world.write(account, world.diem, 'initiateUnstake', 5n * WAD)
    await world.chain.warp(DAY)
  },
  button: 'Withdraw',
  check: async (show, world) => {
    assert.equal(await world.read(world.diem, 'balanceOf', show.account.address), 13n * WAD)
    await numbers(show, world)
  },
  refuse: (world, account) => world.write(account, world.diem, 'unstake'),
  refusal: 'Nothing is cooling down',
})

everyWay(scene, {
  name: 'choose a gateway',
  view: 'credit',
  prepare: async (world) => {
    await world.write(world.owner, world.diem, 'setGateway', world.gateway.address, true)
  },
  act: async (show) => {
    const { address } = show.world.gateway
    await show.main.getByLabel('Choose a gateway').selectOption(address)
  },
  button: 'Choose',
  check: async (show, world) => {
    const [today, next] = await world.read(world.diem, 'gatewayOf', show.account.address)
    assert.deepEqual([today, next], [world.gateway.address, world.gateway.address])
    await show.page.locator(`[data-fact="gateway"] a[title="${today}"]`).waitFor()
  },
  refuse: (world) => world.write(world.owner, world.diem, 'setGateway', world.gateway.address, false),
  refusal: 'is not a registered gateway, or is revoked',
})

scene(
  'a second unstake says before signing that it restarts the bucket',
  async (show) => {
    await show.tab('Unstake').click()
    await show.main.getByText('A new unstake restarts the bucket: 3 DIEM').waitFor()
  },
  {
    view: 'credit',
    before: async (world, account) => {
      await withStake(world, account)
      await world.write(account, world.diem, 'initiateUnstake', 3n * WAD)
    },
  },
)

scene(
  'what a gateway settles is seen in the meter, and two tabs agree',
  async (show, world) => {
    const second = await show.newPage()
    await second.goto(`${show.url}#/credit`)
    const [epoch] = await world.read(world.diem, 'lineOf', show.account.address)
    await world.write(world.gateway, world.diem, 'settle', epoch, show.account.address, WAD / 3n)
    await numbers(show, world)
    const left = 12n * WAD - WAD / 3n
    await second.locator(`[data-fact="left"] data[value="${left}"]`).waitFor()
    await show.page.getByRole('img', { name: /of \$12 used today/ }).waitFor()
    // What one tab does, the other shows: numbers, the journal and the unfinished flow.
    await show.fill('Amount', '1')
    await show.submit('Stake')
    await show.done()
    await second.locator(`[data-fact="allowance"] data[value="${13n * WAD}"]`).waitFor()
    await second.getByRole('button', { name: /Account/ }).click()
    await second.getByRole('dialog').getByText('Stake 1 DIEM').waitFor()
    await numbers(show, world)
  },
  {
    view: 'credit',
    before: async (world, account) => {
      await world.write(world.owner, world.diem, 'setGateway', world.gateway.address, true)
      await world.write(account, world.diem, 'chooseGateway', world.gateway.address)
      await withStake(world, account)
    },
  },
)

import assert from 'node:assert/strict'
import { agree } from './lib/agree.mjs'
import { everyWay } from './lib/everyWay.mjs'
import { stage } from './lib/stage.mjs'
import { WAD } from './lib/world.mjs'

const { scene } = stage()
const DAY = 86_400
const ID = 1n

async function withStake(world, account) {
  await world.mintDiem(account, 10n * WAD)
  await world.write(account, world.diem, 'stake', 10n * WAD)
}

/** The person holds a lease of another's. */
async function held(world, account) {
  await withStake(world, world.other)
  await world.write(world.other, world.diem, 'lease', account.address, 4n * WAD, 30)
}

const manage = async (show) => {
  await show.main.getByRole('article', { name: 'Lease 1' }).getByRole('button').click()
}

everyWay(scene, {
  name: 'give a lease',
  view: 'leases',
  prepare: withStake,
  act: async (show) => {
    await show.fill('To', show.world.other.address)
    await show.fill('Dollars a day', '2.5')
    await show.fill('Days', '7')
  },
  button: 'Lease',
  check: async (show, world) => {
    const [lessor, lessee, amount, start, end] = await world.read(world.diem, 'leaseOf', ID)
    assert.deepEqual(
      [lessor, lessee, amount, end - start],
      [show.account.address, world.other.address, 25n * (WAD / 10n), 7n],
    )
    await show.fact('leased', amount)
    await show.main.getByRole('article', { name: 'Lease 1' }).waitFor()
  },
  refuse: (world, account) => world.write(account, world.diem, 'initiateUnstake', 9n * WAD),
  refusal: '2.5 was asked for; 1 is neither leased out nor already leaving.',
})

everyWay(scene, {
  name: 'take back an ended lease',
  view: 'leases',
  prepare: async (world, account) => {
    await withStake(world, account)
    await world.write(account, world.diem, 'lease', world.other.address, 4n * WAD, 1)
    await world.chain.warp(2 * DAY)
  },
  button: /^Take back/,
  check: async (show, world) => {
    assert.equal(await world.read(world.diem, 'leasedOut', show.account.address), 0n)
    await show.fact('leased', 0n)
    await show.main.getByText('You have lent nothing.').waitFor()
  },
  refuse: (world, account) => world.write(account, world.diem, 'closeLease', ID),
  refusal: 'There is no lease 1, or it is closed.',
})

everyWay(scene, {
  name: 'hand a lease on',
  view: 'leases',
  prepare: held,
  act: async (show) => {
    await manage(show)
    await show.page.getByLabel('Hand on').fill(show.world.gateway.address)
  },
  button: 'Hand on',
  check: async (show, world) => {
    const [, lessee] = await world.read(world.diem, 'leaseOf', ID)
    assert.equal(lessee, world.gateway.address)
    await show.main.getByText('Nobody has lent you credit.').waitFor()
  },
  refuse: (world, account) => world.write(account, world.diem, 'transferLease', ID, world.owner.address),
  refusal: /does not hold lease 1/,
})

everyWay(scene, {
  name: 'choose a lease’s gateway',
  view: 'leases',
  prepare: async (world, account) => {
    await world.write(world.owner, world.diem, 'setGateway', world.gateway.address, true)
    await held(world, account)
  },
  act: async (show) => {
    await manage(show)
    await show.page.getByLabel('Choose a gateway').selectOption(show.world.gateway.address)
  },
  button: 'Choose',
  check: async (show, world) => {
    const [today] = await world.read(world.diem, 'leaseGatewayOf', ID)
    assert.equal(today, world.gateway.address)
    await show.main.locator(`article a[title="${today}"]`).waitFor()
  },
  refuse: (world) => world.write(world.owner, world.diem, 'setGateway', world.gateway.address, false),
  refusal: 'is not a registered gateway, or is revoked',
})

scene(
  'what leases cost: days given and dollars used, while they run and after they were taken back',
  async (show, world) => {
    const { diem, gateway, other, chain } = world
    const { address } = show.account
    const lease = show.main.getByRole('article', { name: 'Lease 1' })
    await lease.getByText('begins tomorrow').waitFor()
    await agree(show, world)
    for (const used of [WAD / 3n, WAD]) {
      await chain.warp(DAY)
      const [epoch] = await world.read(diem, 'lineOf', address)
      // The day's later statement holds the earlier one.
      await world.write(gateway, diem, 'settleLeases', epoch, [ID], [used / 2n])
      await world.write(gateway, diem, 'settleLeases', epoch, [ID], [used])
    }
    await show.settled('leases')
    await show.fact('lease-1', 8n * WAD)
    await show.fact('lease-1', WAD / 3n + WAD)
    await agree(show, world)
    await chain.warp(2 * DAY)
    await world.write(other, diem, 'closeLease', ID)
    await show.settled('leases')
    await lease.getByText('taken back').waitFor()
    await show.fact('lease-1', 12n * WAD)
    await show.fact('lease-1', WAD / 3n + WAD)
    await agree(show, world)
  },
  {
    view: 'leases',
    before: async (world, account) => {
      await world.write(world.owner, world.diem, 'setGateway', world.gateway.address, true)
      await withStake(world, account)
      await world.write(account, world.diem, 'lease', world.other.address, 4n * WAD, 3)
      await world.write(world.other, world.diem, 'chooseLeaseGateway', ID, world.gateway.address)
    },
  },
)

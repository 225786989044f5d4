import assert from 'node:assert/strict'
import { everyWay } from './lib/everyWay.mjs'
import { stage } from './lib/stage.mjs'
import { breakVvv, WAD } from './lib/world.mjs'

const { scene } = stage()

async function numbers(show, world) {
  const [locked, outstanding, pendingYield] = await world.read(world.diem, 'position', show.account.address)
  await show.fact('locked', locked)
  await show.fact('outstanding', outstanding)
  await show.fact('yield', pendingYield)
  await show.fact('rate', await world.read(world.diem, 'mintRate'))
  await show.fact('supply', await world.read(world.diem, 'totalSupply'))
}

const withStake = (world, account) => world.stakeVvv(account, 10_000n * WAD)
const withDiem = (world, account) => world.mintDiem(account, 20n * WAD)

everyWay(scene, {
  name: 'mint for an amount of sVVV',
  view: 'mint',
  prepare: withStake,
  act: (show) => show.fill('You lock', '1234.5'),
  button: 'Mint',
  check: async (show, world) => {
    const [locked] = await world.read(world.diem, 'position', show.account.address)
    assert.equal(locked, 12345n * (WAD / 10n))
    await numbers(show, world)
  },
  refuse: (world) => world.mintDiem(world.other, 20_000n * WAD),
  refusal: 'The price moved',
})

everyWay(scene, {
  name: 'mint an exact amount of DIEM',
  view: 'mint',
  prepare: withStake,
  act: (show) => show.fill('You get', '7'),
  button: 'Mint',
  check: async (show, world) => {
    assert.equal(await world.read(world.diem, 'balanceOf', show.account.address), 7n * WAD)
    await numbers(show, world)
  },
  refuse: async (world) => {
    await world.write(world.owner, world.diem, 'setGuardian', world.other.address)
    await world.write(world.other, world.diem, 'pauseMint')
  },
  refusal: 'Minting is paused',
})

everyWay(scene, {
  name: 'burn',
  view: 'mint',
  prepare: withDiem,
  act: async (show) => {
    await show.tab('Burn').click()
    await show.fill('You burn', '5')
  },
  button: 'Burn',
  check: async (show, world) => {
    assert.equal(await world.read(world.diem, 'balanceOf', show.account.address), 15n * WAD)
    await numbers(show, world)
  },
  refuse: (world, account) => world.write(account, world.diem, 'transfer', world.other.address, 18n * WAD),
  refusal: 'You have 2 liquid DIEM; 5 is needed.',
})

everyWay(scene, {
  name: 'claim the yield of locked sVVV',
  view: 'mint',
  prepare: async (world, account) => {
    await withDiem(world, account)
    await world.chain.warp(1_000)
  },
  button: 'Claim yield',
  check: async (show, world) => {
    assert.ok((await world.read(world.vvv, 'balanceOf', show.account.address)) > 0n)
    await numbers(show, world)
  },
  // With nothing pending a claim pays nothing, and is not refused: only the token can, whose refusal comes by way of
  // sVVV and DIEM and is no error of DIEM's own.
  refuse: breakVvv,
  refusal: 'The VVV token refused, or gave no sensible answer.',
})

scene(
  'a quote while typing is the contract’s preview to the wei, both ways and at any supply',
  async (show, world) => {
    for (const more of [0n, 3_000n * WAD, 36_000n * WAD]) {
      if (more > 0n) await world.mintDiem(world.other, more)
      await show.fact('supply', await world.read(world.diem, 'totalSupply'))
      for (const typed of ['0.000000000000012345', '1', '999.123456789012345678']) {
        const wei = world.viem.parseUnits(typed, 18)
        await show.fill('You lock', typed)
        const out = await world.read(world.diem, 'previewMint', wei)
        assert.equal(
          await show.main.getByLabel('You get', { exact: true }).inputValue(),
          world.viem.formatUnits(out, 18),
        )
        await show.fill('You get', typed)
        const cost = await world.read(world.diem, 'previewMintExact', wei)
        assert.equal(
          await show.main.getByLabel('You lock', { exact: true }).inputValue(),
          world.viem.formatUnits(cost, 18),
        )
      }
    }
  },
  { view: 'mint', before: withStake },
)

scene(
  'past the end of the curve the form says what is left',
  async (show, world) => {
    await show.fill('You get', '80000.5')
    await show.main.getByText('Past the end of the curve: 80,000 DIEM is left.').waitFor()
    assert.equal(await show.main.getByRole('button', { name: 'Mint', exact: true }).isDisabled(), true)
  },
  { view: 'mint', before: withStake },
)

import assert from 'node:assert/strict'
import { stage } from './lib/stage.mjs'
import { WAD } from './lib/world.mjs'

const { scene } = stage()
const TEN = { view: 'stake', vvv: 10n * WAD }

scene(
  'stake by permit: one signature, one transaction, and the numbers are the contract’s',
  async (show, world) => {
    await show.fill('Amount', '7.5')
    await show.submit('Stake')
    await show.done()
    assert.equal(show.wallet.sent.length, 1)
    const { address } = show.account
    for (const [name, contract, view] of [
      ['vvv', world.vvv, 'balanceOf'],
      ['free', world.sVvv, 'balanceOfUnlocked'],
      ['pending', world.sVvv, 'pendingRewards'],
    ]) {
      await show.fact(name, await world.read(contract, view, address))
    }
    assert.equal(await world.read(world.vvv, 'allowance', address, world.sVvv.address), 0n)
  },
  TEN,
)

// What may happen to each write: done, refused by the contract, rejected by the person, reloaded in the middle, and
// the node gone before and in the middle.
import assert from 'node:assert/strict'
import { agree } from './agree.mjs'

/**
 * `flow`: {name, view, vvv, wallet, prepare(world, account), act(show), button, check(show, world),
 * refuse(world, account), refusal, transactions}. `act` fills the form, `button` sends it; `refuse` brings about that
 * the contract no longer takes it, and `refusal` is what the page then says.
 */
export function everyWay(scene, flow) {
  const { name, view, act = () => {}, button, check, prepare } = flow
  const options = { view, vvv: flow.vvv, wallet: flow.wallet, before: prepare }
  const begin = async (show) => {
    await act(show)
    await show.submit(button)
  }

  scene(
    `${name}: done, and every number of every view is the contract’s to the wei`,
    async (show, world) => {
      await begin(show)
      await show.done()
      await check(show, world)
      await agree(show, world)
    },
    options,
  )

  scene(
    `${name}: the contract refuses, in words, before the wallet is asked`,
    async (show, world) => {
      await act(show)
      await show.freeze()
      await flow.refuse(world, show.account)
      const asked = show.wallet.signatures()
      await show.submit(button)
      await show.says(flow.refusal)
      assert.equal(show.wallet.signatures(), asked)
      await show.dialog.getByRole('button', { name: 'Give up' }).click()
      await show.dialog.waitFor({ state: 'detached' })
    },
    options,
  )

  scene(
    `${name}: the person rejects, then agrees`,
    async (show, world) => {
      show.wallet.rejects = true
      await begin(show)
      await show.says('You rejected the request')
      assert.equal(show.wallet.sent.length, 0)
      show.wallet.rejects = false
      await show.dialog.getByRole('button', { name: 'Try again' }).click()
      await show.done()
      await check(show, world)
    },
    options,
  )

  scene(
    `${name}: reloaded in the middle, it goes on`,
    async (show, world) => {
      await world.chain.rpc('evm_setAutomine', [false])
      await begin(show)
      await show.says('Sent. Waiting for a block')
      await show.page.reload()
      await show.button('Continue').click()
      await show.says('Sent. Waiting for a block')
      await world.chain.rpc('evm_setAutomine', [true])
      await world.chain.rpc('evm_mine')
      await show.finish()
      assert.equal(show.wallet.sent.length, flow.transactions ?? 1)
      await check(show, world)
    },
    options,
  )

  scene(
    `${name}: the node goes away before and in the middle`,
    async (show, world) => {
      await act(show)
      await show.main.getByRole('button', { name: button, exact: true }).waitFor()
      show.nodeDown = true
      await show.page.getByText('The node does not answer. What you see').waitFor()
      assert.equal(await show.main.getByRole('button', { name: button, exact: true }).isDisabled(), true)
      show.nodeDown = false
      show.wallet.onSent = () => {
        show.nodeDown = true
        show.wallet.onSent = undefined
      }
      await show.submit(button)
      await show.page.getByText('The node does not answer. What you see').waitFor()
      show.nodeDown = false
      await show.finish()
      await check(show, world)
    },
    options,
  )
}

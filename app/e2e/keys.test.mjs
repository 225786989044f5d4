import assert from 'node:assert/strict'
import { startGateway } from './lib/gateway.mjs'
import { stage } from './lib/stage.mjs'
import { WAD } from './lib/world.mjs'

const { scene } = stage()

/** A gateway of the world's own, which the person chose before staking. */
async function served(world, account) {
  const gateway = await startGateway(world)
  const stop = world.stop
  world.stop = () => {
    gateway.stop()
    stop()
  }
  world.served = gateway
  await world.write(account, world.diem, 'chooseGateway', gateway.account.address)
  await world.mintDiem(account, 10n * WAD)
  await world.write(account, world.diem, 'stake', 10n * WAD)
}

const options = {
  view: 'keys',
  before: served,
  gateways: (world) => ({ [world.served.account.address]: world.served.url }),
}

async function make(show, description, admin = false) {
  await show.fill('Description', description)
  if (admin) await show.main.getByLabel('May list, change and revoke keys').check()
  await show.submit('Sign and make the key')
  const key = await show.dialog.locator('[data-fact="key"]').innerText()
  await show.dialog.getByRole('button', { name: 'I have kept it' }).click()
  return key
}

async function ask(world, key) {
  const response = await fetch(`${world.served.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'stand-in', messages: [{ role: 'user', content: 'Hello' }] }),
  })
  await response.text()
  return response.status
}

scene(
  'a key is made by a signature and serves; an admin key limits and revokes it, and tells usage',
  async (show, world) => {
    const hostile = '<img src=x onerror=alert(1)> "Laptop"'
    const key = await make(show, hostile)
    assert.equal(await ask(world, key), 200)
    await make(show, 'Admin', true)
    const item = show.main.getByRole('article', { name: hostile })
    await item.getByText(/Used today \$0\.0000/).waitFor()
    // What a key is called is text, never markup.
    assert.equal(await show.main.locator('img').count(), 0)
    await show.main.getByRole('cell', { name: 'stand-in' }).waitFor()
    await item.getByRole('button', { name: /^Limit/ }).click()
    await show.dialog.getByLabel('Limit in dollars a day').fill('0.000000000000000001')
    await show.dialog.getByRole('button', { name: 'Save' }).click()
    await item.getByText('$0.000000000000000001 a day').waitFor()
    assert.notEqual(await ask(world, key), 200)
    await item.getByRole('button', { name: /^Revoke/ }).click()
    await show.dialog.getByText('This cannot be undone').waitFor()
    await show.dialog.getByRole('button', { name: 'Revoke' }).click()
    await item.waitFor({ state: 'detached' })
    assert.equal(await ask(world, key), 401)
  },
  options,
)

scene(
  'the person rejects the signature, then agrees; a gateway that is away is told in words',
  async (show, world) => {
    show.wallet.rejects = true
    await show.fill('Description', 'Laptop')
    await show.submit('Sign and make the key')
    await show.main.getByText('You rejected the request').waitFor()
    show.wallet.rejects = false
    await make(show, 'Laptop')
    world.served.stop()
    await show.submit('Sign and make the key')
    await show.main.getByText('The gateway does not answer.').waitFor()
  },
  options,
)

scene(
  'what a hostile gateway says is text',
  async (show) => {
    const message = '</p><script>globalThis.pwned = true</script><b>free money</b>'
    await show.context.route('**/api/v1/**', (route) =>
      route.fulfill({ status: 400, json: { error: { message } }, headers: { 'access-control-allow-origin': '*' } }),
    )
    await show.fill('Description', 'Laptop')
    await show.submit('Sign and make the key')
    await show.main.getByText(message).waitFor()
    assert.equal(await show.page.evaluate(() => globalThis.pwned), undefined)
    assert.equal(await show.main.locator('b').count(), 0)
  },
  options,
)

scene(
  'a gateway that may not settle the account’s credit is told apart',
  async (show, world) => {
    await show.main.getByRole('heading', { name: 'Make a key' }).waitFor()
    await show.context.route('**/readyz', (route) =>
      route.fulfill({ json: { gateway: world.gateway.address }, headers: { 'access-control-allow-origin': '*' } }),
    )
    await show.page.reload()
    await show.main.getByText('This gateway is not the one that may settle your credit today').waitFor()
  },
  options,
)

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { served, servedBy } from './lib/served.mjs'
import { stage } from './lib/stage.mjs'

const { scene } = stage()

const options = { view: 'keys', before: served, gateways: servedBy }

async function make(show, description, admin = false) {
  await show.fill('Description', description)
  if (admin) await show.main.getByLabel('May list, change and revoke keys').check()
  await show.submit('Sign and make the key')
  const key = await show.dialog.locator('[data-fact="key"]').innerText()
  await show.dialog.getByRole('button', { name: 'I have kept it' }).click()
  return key
}

/** The status of a request with a key. */
async function call(world, key, path, method = 'GET', body = undefined) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const response = await fetch(`${world.served.url}${path}`, { method, headers, body: body && JSON.stringify(body) })
  await response.text()
  return response.status
}

const ask = (world, key) =>
  call(world, key, '/v1/chat/completions', 'POST', {
    model: 'stand-in',
    messages: [{ role: 'user', content: 'Hello' }],
  })

async function idOf(world, admin, description) {
  const headers = { authorization: `Bearer ${admin}` }
  const { data } = await (await fetch(`${world.served.url}/api/v1/api_keys`, { headers })).json()
  return data.find((key) => key.description === description).id
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

/** What an admin key can do to another, each in its dialog. */
const CHANGES = [
  {
    name: 'limit a key',
    opens: /^Limit/,
    agrees: 'Save',
    act: (show) => show.dialog.getByLabel('Limit in dollars a day').fill('0.000000000000000001'),
    check: async (item, world, key) => {
      await item.getByText('$0.000000000000000001 a day').waitFor()
      assert.notEqual(await ask(world, key), 200)
    },
  },
  {
    name: 'revoke a key',
    opens: /^Revoke/,
    agrees: 'Revoke',
    act: (show) => show.says('This cannot be undone'),
    check: async (item, world, key) => {
      await item.waitFor({ state: 'detached' })
      assert.equal(await ask(world, key), 401)
    },
  },
]

for (const { name, opens, agrees, act, check } of CHANGES) {
  scene(
    `${name}: let be, reloaded, without its gateway or refused it changes nothing; then it is done`,
    async (show, world) => {
      const key = await make(show, 'Laptop')
      const admin = await make(show, 'Admin', true)
      const item = show.main.getByRole('article', { name: 'Laptop' })
      const open = async () => {
        await item.getByRole('button', { name: opens }).click()
        await act(show)
      }
      const agree = () => show.dialog.getByRole('button', { name: agrees, exact: true }).click()
      const letBe = async () => {
        await show.dialog.getByRole('button', { name: 'Cancel' }).click()
        await show.dialog.waitFor({ state: 'detached' })
        assert.equal(await ask(world, key), 200)
      }
      await open()
      await letBe()
      await open()
      await show.page.reload()
      await item.waitFor()
      await open()
      show.gatewayDown = true
      await agree()
      await show.says('The gateway does not answer.')
      show.gatewayDown = false
      await letBe()
      // Another program revokes the admin key while this dialog is open.
      await open()
      const mine = await idOf(world, admin, 'Admin')
      assert.equal(await call(world, admin, `/api/v1/api_keys?id=${mine}`, 'DELETE'), 200)
      await agree()
      await show.says(/^The gateway says: /)
      await letBe()
      await make(show, 'Second admin', true)
      await open()
      await agree()
      await check(item, world, key)
    },
    options,
  )
}

scene(
  'the example for the shell does what it says with the key that was made',
  async (show) => {
    const key = await make(show, 'Laptop')
    const example = show.main.getByLabel('curl')
    await example.getByText('"model":"stand-in"').waitFor()
    const { stdout } = spawnSync('bash', ['-c', await example.innerText()], {
      env: { PATH: process.env.PATH, DIEM_API_KEY: key },
      encoding: 'utf8',
    })
    assert.equal(JSON.parse(stdout).object, 'chat.completion')
  },
  options,
)

scene(
  'an admin key that was just made lists the keys at once, and not only with the next block',
  async (show) => {
    await make(show, 'Admin', true)
    await show.main.getByRole('article', { name: 'Admin' }).waitFor()
  },
  options,
)

scene(
  'make a key: reloaded while the wallet is asked, or with the node away, nothing is half made',
  async (show, world) => {
    show.wallet.hangs.add('personal_sign')
    await show.fill('Description', 'Laptop')
    await show.submit('Sign and make the key')
    await show.main.getByText('Waiting for you to sign in the wallet').waitFor()
    await show.page.reload()
    show.wallet.hangs.clear()
    await show.main.getByRole('button', { name: 'Sign and make the key' }).waitFor()
    show.nodeDown = true
    await show.page.getByText('The node does not answer').waitFor()
    assert.equal(await show.main.getByRole('button', { name: 'Sign and make the key' }).isDisabled(), true)
    show.nodeDown = false
    const key = await make(show, 'Laptop')
    await make(show, 'Admin', true)
    await show.main.getByRole('article', { name: 'Admin' }).waitFor()
    assert.equal(await show.main.getByRole('article').count(), 2)
    assert.equal(await ask(world, key), 200)
  },
  options,
)

scene(
  'make a key: the gateway refuses a signature that is not the account’s, in words',
  async (show, world) => {
    show.wallet.signsAs = await world.person()
    await show.fill('Description', 'Laptop')
    await show.submit('Sign and make the key')
    await show.main.getByText(/^The gateway says: /).waitFor()
    assert.equal(await show.dialog.count(), 0)
  },
  options,
)

scene(
  'names of models and their usage are text',
  async (show) => {
    const hostile = '<img src=x onerror="globalThis.pwned=1">'
    const headers = { 'access-control-allow-origin': '*' }
    await make(show, 'Admin', true)
    await show.context.route('**/api/v1/models', (route) =>
      route.fulfill({ headers, json: { data: [{ id: `${hostile}'; rm -rf ~ #` }] } }),
    )
    await show.context.route('**/api/v1/billing/usage**', (route) => {
      if (route.request().method() === 'OPTIONS') return route.fallback()
      const counts = { requests: 1, promptTokens: 2, completionTokens: 3, amount: '-0.1' }
      const sum = { date: '2026-11-26T00:00:00Z', model: hostile, keyId: '1', ...counts }
      return route.fulfill({ headers, json: { data: [sum] } })
    })
    await show.page.reload()
    await show.main.getByRole('cell', { name: hostile }).waitFor()
    // In the shell's example no quote ends early.
    await show.main.getByText(`'\\''; rm -rf ~ #`).waitFor()
    assert.equal(await show.main.locator('img').count(), 0)
    assert.equal(await show.page.evaluate(() => globalThis.pwned), undefined)
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

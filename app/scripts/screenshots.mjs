// Pictures of each view and each dialog from the real thing, light and dark, 1280 and 360 pixels wide, into docs/img/.
//
//   node app/scripts/screenshots.mjs [VIEW or DIALOG...]
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { startGateway } from '../e2e/lib/gateway.mjs'
import { BROWSER, openServer, Show } from '../e2e/lib/stage.mjs'
import { openWorld, WAD } from '../e2e/lib/world.mjs'

const OUT = fileURLToPath(new URL('../../docs/img/', import.meta.url))
const DAY = 86_400
const VIEWS = ['overview', 'stake', 'mint', 'credit', 'leases', 'keys', 'history', 'operator']
const SIZES = { 1280: { width: 1280, height: 860 }, 360: { width: 360, height: 780 } }

const world = await openWorld()
const { chain, diem } = world
const gateway = await startGateway(world)
await world.write(world.owner, diem, 'setGateway', world.gateway.address, true)
await world.write(world.owner, diem, 'setGateway', world.other.address, true)
await world.write(world.owner, diem, 'setDefaultGateway', world.gateway.address)
await world.write(world.owner, diem, 'setGateway', world.other.address, false)
const person = await world.person()
const others = await world.person()
await world.mintDiem(others, 21_400n * WAD)
await world.stakeVvv(others, 3_100_000n * WAD)
await world.mintDiem(person, 42n * WAD)
await world.stakeVvv(person, 340_000n * WAD)
await world.write(person, world.vvv, 'mint', person.address, 2_400n * WAD)
await world.write(others, diem, 'stake', 9_000n * WAD)
await world.write(person, diem, 'chooseGateway', gateway.account.address)
await world.write(person, diem, 'stake', 24n * WAD)
await world.write(person, diem, 'lease', others.address, 5n * WAD, 30)
await world.write(others, diem, 'lease', person.address, 3n * WAD, 90)
await world.write(person, diem, 'lease', world.other.address, 2n * WAD, 1)
for (const id of [1n, 3n]) {
  const lessee = id === 1n ? others : world.other
  await world.write(lessee, diem, 'chooseLeaseGateway', id, world.gateway.address)
}
await chain.warp(DAY)
const [epoch] = await world.read(diem, 'lineOf', person.address)
const used = [(WAD * 314n) / 100n, (WAD * 5n) / 4n]
await world.write(world.gateway, diem, 'settleLeases', epoch, [1n, 3n], used)
await chain.warp(DAY)
await world.write(world.other, diem, 'closeLease', 3n)
await world.write(others, diem, 'chooseGateway', world.gateway.address)
await world.write(person, diem, 'initiateUnstake', 2n * WAD)

const browser = await chromium.launch(BROWSER)
const server = await openServer()
mkdirSync(OUT, { recursive: true })
const asked = process.argv.slice(2)
const wanted = (name) => asked.length === 0 || asked.includes(name)

async function show(options, play) {
  const stage = new Show(world, browser, server.url)
  stage.gateways = { [gateway.account.address]: gateway.url }
  try {
    await stage.open({ account: person, ...options })
    await play(stage)
  } finally {
    await stage.close()
  }
}

/** What a person would have typed, so that a form shows what it can do. */
const typing = {
  stake: (stage) => stage.fill('Amount', '1250'),
  mint: (stage) => stage.fill('You get', '2500'),
  keys: () => undefined,
}

/** Opens each dialog as a person would. */
const DIALOGS = {
  settings: (stage) => stage.button('Settings').click(),
  async flow(stage) {
    await stage.settled('stake')
    stage.wallet.hangs.add('eth_signTypedData_v4')
    await stage.fill('Amount', '1250')
    await stage.submit('Stake')
    await stage.says('Waiting for you to confirm in the wallet')
  },
  async refused(stage) {
    await stage.settled('mint')
    await stage.fill('You get', '25')
    stage.wallet.rejects = true
    await stage.submit('Mint')
    await stage.says('You rejected the request')
    stage.wallet.rejects = false
  },
  async done(stage) {
    await stage.settled('mint')
    await stage.fill('You get', '0.5')
    await stage.submit('Mint')
    await stage.says('All steps are done.')
  },
  async account(stage) {
    await stage.page.getByRole('button', { name: /^Account/ }).click()
  },
  async lease(stage) {
    await stage.settled('leases')
    await stage.main
      .getByRole('button', { name: /hand on/ })
      .first()
      .click()
  },
  async 'new-key'(stage) {
    await stage.settled('keys')
    await stage.fill('Description', 'Phone')
    await stage.submit('Sign and make the key')
    await stage.dialog.locator('[data-fact="key"]').waitFor()
  },
  limit: (stage) => ofKey(stage, /^Limit/),
  revoke: (stage) => ofKey(stage, /^Revoke/),
  async wallets(stage) {
    await stage.page.getByRole('button', { name: /^Account/ }).click()
    await stage.dialog.getByRole('button', { name: 'Disconnect' }).click()
    await stage.page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).click()
  },
}

async function ofKey(stage, name) {
  await stage.settled('keys')
  await withAdminKey(stage)
  await stage.main.getByRole('article', { name: 'Laptop' }).getByRole('button', { name }).click()
}

async function closeDialog({ dialog }) {
  const away = dialog.getByRole('button', { name: /^(Give up|Done)$/ })
  if ((await away.count()) > 0) await away.click()
  else
    await dialog
      .getByRole('button', { name: /^(Close|I have kept it)$/ })
      .first()
      .click()
  await dialog.waitFor({ state: 'detached' })
}

let spent = false
let adminKey
await everyLook(async (stage, look) => {
  if (!spent) await spend(stage)
  spent = true
  for (const view of VIEWS.filter(wanted)) {
    await stage.page.goto(`${stage.url}#/${view === 'overview' ? '' : view}`)
    if (view === 'keys') await withAdminKey(stage)
    await stage.settled(view === 'overview' ? '' : view)
    await typing[view]?.(stage)
    await picture(stage, `${view}-${look}`, { fullPage: true })
  }
})
// After the views: what dialogs do is seen in none of them.
await everyLook(async (stage, look) => {
  for (const [name, open] of Object.entries(DIALOGS)) {
    if (!wanted(`dialog-${name}`)) continue
    await open(stage)
    await picture(stage, `dialog-${name}-${look}`)
    await closeDialog(stage)
  }
})

async function everyLook(play) {
  for (const [width, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark']) {
      await show({ viewport, colorScheme }, (stage) => play(stage, `${colorScheme}-${width}`))
    }
  }
}

async function picture(stage, name, options) {
  await stage.page.evaluate(() => document.activeElement?.blur())
  await stage.page.screenshot({ path: `${OUT}${name}.png`, ...options })
}

async function withAdminKey({ page }) {
  await page.evaluate((key) => sessionStorage.setItem('diem.admin-key', JSON.stringify(key)), adminKey)
  await page.reload()
}

/** Makes keys by the page itself and spends some of the day with one. */
async function spend(stage) {
  await stage.page.goto(`${stage.url}#/keys`)
  for (const [description, admin] of [
    ['Laptop', false],
    ['Nightly reports', false],
    ['Admin', true],
  ]) {
    await stage.fill('Description', description)
    if (admin) await stage.page.getByLabel('May list, change and revoke keys').check()
    await stage.submit('Sign and make the key')
    const key = await stage.dialog.locator('[data-fact="key"]').innerText()
    await stage.dialog.getByRole('button', { name: 'I have kept it' }).click()
    if (admin) adminKey = key
    else await ask(key)
  }
}

async function ask(key) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const { data } = await (await fetch(`${gateway.url}/v1/models`)).json()
  for (const { id } of data.slice(0, 2)) {
    const body = JSON.stringify({ model: id, messages: [{ role: 'user', content: 'What does one DIEM buy?' }] })
    const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers, body })
    if (!response.ok) console.error(`${id}: ${await response.text()}`)
  }
}

await browser.close()
await server.close()
gateway.stop()
world.stop()

// Fewer colours make the files a third as large, where Debian's pngquant is installed.
const files = readdirSync(OUT).filter((name) => name.endsWith('.png'))
spawnSync('pngquant', ['--force', '--skip-if-larger', '--strip', '--ext', '.png', '128', ...files], { cwd: OUT })

// Pictures of each view from the real thing, light and dark, 1280 and 360 pixels wide, into docs/img/.
//
//   node app/scripts/screenshots.mjs [VIEW...]
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
await chain.warp(DAY)
await world.write(others, diem, 'chooseGateway', world.gateway.address)
await world.write(person, diem, 'initiateUnstake', 2n * WAD)

const browser = await chromium.launch(BROWSER)
const server = await openServer()
mkdirSync(OUT, { recursive: true })
const asked = process.argv.slice(2)

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

let spent = false
let adminKey
for (const [width, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ['light', 'dark']) {
    await show({ viewport, colorScheme }, async (stage) => {
      if (!spent) await spend(stage)
      spent = true
      for (const view of VIEWS.filter((name) => asked.length === 0 || asked.includes(name))) {
        await stage.page.goto(`${stage.url}#/${view === 'overview' ? '' : view}`)
        if (view === 'keys') await stage.page.evaluate((key) => sessionStorage.setItem('diem.admin-key', key), adminKey)
        if (view === 'keys') await stage.page.reload()
        await stage.page.locator('main h1').waitFor()
        if (view === 'operator') await stage.page.locator('[data-program="diem"]').waitFor()
        await stage.page.waitForFunction(
          () =>
            document.querySelectorAll('main .pending, main .empty').length === 0 ||
            document.title.startsWith('Operator'),
        )
        await typing[view]?.(stage)
        await stage.page.evaluate(() => document.activeElement?.blur())
        await stage.page.screenshot({ path: `${OUT}${view}-${colorScheme}-${width}.png`, fullPage: true })
      }
    })
  }
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

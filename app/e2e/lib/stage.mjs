// One browser and one server of the built page for a file of tests; a node, a wallet and a context for each test.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { preview } from 'vite'
import { viem } from '../../../bench/lib/tools.mjs'
import { openWorld } from './world.mjs'
import { Wallet } from './wallet.mjs'

export { viem }
const APP = fileURLToPath(new URL('../../', import.meta.url))
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** How long anything may take that a person waits for, on a slow machine. */
const PATIENCE_MS = 60_000

export const BROWSER = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}

export async function openServer() {
  const server = await preview({ root: APP, logLevel: 'silent', preview: { port: 0 } })
  return { url: server.resolvedUrls.local[0], close: () => server.close() }
}

/** Begins a file of tests; `scene` declares one that gets a world of its own. */
export function stage() {
  let browser, server
  before(async () => {
    browser = await chromium.launch(BROWSER)
    server = await openServer()
  })
  after(async () => {
    await browser?.close()
    await server?.close()
  })
  const scene = (name, play, options = {}) =>
    test(name, { timeout: 2 * PATIENCE_MS }, async () => {
      const world = await openWorld()
      const show = new Show(world, browser, server.url)
      try {
        const account = await world.person(options.vvv)
        await options.before?.(world, account)
        show.gateways = options.gateways?.(world) ?? {}
        await show.open({ ...options, account })
        await play(show, world)
        show.assertQuiet()
      } catch (error) {
        // What the person would see says most about what went wrong.
        error.message += `\n--- the page:\n${await show.text()}\n--- its console:\n${show.complaints.join('\n')}`
        throw error
      } finally {
        await show.close()
        world.stop()
      }
    })
  return { scene }
}

/** The page with a person before it. */
export class Show {
  constructor(world, browser, url) {
    Object.assign(this, { world, browser, url })
    this.origin = new URL(url).origin
    /** Requests to the node, oldest first: lists of what each batch asks. */
    this.asked = []
    this.strangers = []
    this.complaints = []
    this.nodeDown = false
    this.gatewayDown = false
    this.gateways = {}
  }

  /** `connected`: whether the wallet is connected by clicks first. */
  async open({
    view = '',
    connected = true,
    viewport = { width: 1280, height: 900 },
    colorScheme = 'light',
    ...options
  } = {}) {
    this.account = options.account
    this.wallet = new Wallet(this.world, this.account)
    options.wallet?.(this.wallet)
    this.context = await this.browser.newContext({
      viewport,
      colorScheme,
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      reducedMotion: 'reduce',
    })
    this.context.setDefaultTimeout(PATIENCE_MS)
    if (!options.noWallet) await this.wallet.enter(this.context)
    await this.context.route('**/*', (route) => this.route(route))
    this.page = await this.newPage()
    await this.go(view)
    if (connected && !options.noWallet) await this.connect()
  }

  async newPage() {
    const page = await this.context.newPage()
    page.on('pageerror', (error) => this.complaints.push(`error: ${error.message}`))
    page.on('console', (message) => {
      // What the browser itself says of a request that was cut off is no complaint of the page.
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
        this.complaints.push(message.text())
    })
    return page
  }

  async route(route) {
    const request = route.request()
    const { origin, pathname } = new URL(request.url())
    if (origin === this.origin) {
      if (!pathname.endsWith('/config.json')) return route.continue()
      const config = { ...this.world.config, gateways: this.gateways }
      return route.fulfill({ json: config })
    }
    if (origin === new URL(this.world.node.rpcUrl).origin) {
      if (this.nodeDown) return route.abort('connectionrefused')
      if (request.method() === 'POST') this.asked.push([request.postDataJSON()].flat())
      await this.hold
      return this.frozen ? this.pretend(route) : route.continue()
    }
    if (Object.values(this.gateways).some((url) => new URL(url).origin === origin))
      return this.gatewayDown ? route.abort('connectionrefused') : route.continue()
    this.strangers.push(request.url())
    return route.abort()
  }

  /** Lets the page believe that the present block stays the newest, whatever comes: it acts on what has changed. */
  async freeze() {
    this.frozen = await this.world.chain.rpc('eth_getBlockByNumber', ['latest', false])
  }

  async pretend(route) {
    const asked = route.request().postDataJSON()
    const heads = new Set(
      [asked]
        .flat()
        .flatMap(({ id, method, params }) => (method === 'eth_getBlockByNumber' && params[0] === 'latest' ? [id] : [])),
    )
    const answer = await (await route.fetch()).json()
    const changed = [answer].flat().map((item) => (heads.has(item.id) ? { ...item, result: this.frozen } : item))
    return route.fulfill({ json: Array.isArray(answer) ? changed : changed[0] })
  }

  go(view) {
    return this.page.goto(`${this.url}#/${view}`)
  }

  async connect() {
    await this.page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).click()
    await this.page.getByRole('dialog').getByRole('button', { name: 'Test Wallet' }).click()
    await this.page
      .getByRole('banner')
      .getByRole('button', { name: /Account/ })
      .waitFor()
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true })
  }
  get main() {
    return this.page.getByRole('main')
  }
  get dialog() {
    return this.page.getByRole('dialog')
  }
  tab(name) {
    return this.page.getByRole('tab', { name, exact: true })
  }

  fill(label, value) {
    return this.page.getByRole('main').getByLabel(label, { exact: true }).fill(value)
  }

  submit(name) {
    return this.page.getByRole('main').getByRole('button', { name, exact: true }).click()
  }

  /** Waits until the flow's dialog says so. */
  async says(words) {
    await this.dialog.getByText(words).waitFor()
  }

  /** As `done`; where steps are left, goes on with each. */
  async finish() {
    const { dialog } = this
    const next = dialog.getByRole('button', { name: /^(Continue|Try again|Done)$/ })
    for (;;) {
      await next.waitFor()
      if ((await next.innerText()) === 'Done') return this.done()
      await next.click()
    }
  }

  async done() {
    await this.says('All steps are done.')
    await this.dialog.getByRole('button', { name: 'Done' }).click()
    await this.dialog.waitFor({ state: 'detached' })
  }

  /** Waits until nothing is being read, and what was read has led to no further reads. */
  async quiet() {
    await this.page.waitForFunction(
      () =>
        new Promise((done) => {
          const calm = () => document.querySelector('main')?.getAttribute('aria-busy') === 'false'
          if (!calm()) return done(false)
          requestAnimationFrame(() => requestAnimationFrame(() => done(calm())))
        }),
    )
  }

  /** Goes to a view and waits until it shows the newest block and reads no more. */
  async settled(view) {
    await this.go(view)
    await this.main.locator('h1').waitFor()
    const head = await this.world.chain.publicClient.getBlockNumber()
    await this.page.locator(`[data-block="${head}"]`).waitFor()
    await this.quiet()
  }

  /** How many requests the node got for one new block, those for the head aside. */
  async requestsForABlock() {
    const others = (batch) => batch.some(({ method }) => method !== 'eth_getBlockByNumber')
    await this.quiet()
    this.asked.length = 0
    await this.world.chain.rpc('evm_mine')
    const head = await this.world.chain.publicClient.getBlockNumber()
    await this.page.locator(`[data-block="${head}"]`).waitFor()
    await this.quiet()
    return this.asked.filter(others).length
  }

  /** Waits until the head was asked for twice more. */
  async asksTwice() {
    for (let times = 0; times < 2; times++) {
      await this.page.waitForRequest((request) => request.postData()?.includes('eth_getBlockByNumber') ?? false)
    }
  }

  /** Waits until the fact `name` shows exactly `wei`, in the element's own value. */
  async fact(name, wei) {
    await this.page.locator(`[data-fact="${name}"] data[value="${wei}"]`).first().waitFor()
  }

  async axe() {
    await this.page.evaluate(AXE)
    const { violations } = await this.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
  }

  async text() {
    const shown = this.page?.locator('body').innerText({ timeout: 5_000 })
    return (await shown?.catch(() => undefined)) ?? '(gone)'
  }

  assertQuiet() {
    if (this.strangers.length > 0) throw new Error(`requests to strangers: ${this.strangers.join(', ')}`)
    if (this.complaints.length > 0) throw new Error(`the console complains: ${this.complaints.join('; ')}`)
  }

  async close() {
    // A request that is under way when the scene ends is nobody's any more.
    await this.context?.unrouteAll({ behavior: 'ignoreErrors' })
    await this.context?.close()
  }
}

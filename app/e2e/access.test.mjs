import assert from 'node:assert/strict'
import { stage } from './lib/stage.mjs'
import { WAD } from './lib/world.mjs'

const { scene } = stage()
const VIEWS = ['', 'stake', 'mint', 'credit', 'leases', 'keys', 'history', 'operator']

/** Something to show in every view. */
async function lively(world, account) {
  await world.write(world.owner, world.diem, 'setGateway', world.gateway.address, true)
  await world.write(account, world.diem, 'chooseGateway', world.gateway.address)
  await world.stakeVvv(account, 1_234_567n * WAD)
  await world.mintDiem(account, 20n * WAD)
  await world.write(account, world.diem, 'stake', 12n * WAD)
  await world.write(account, world.diem, 'lease', account.address, 3n * WAD, 30)
  await world.write(account, world.diem, 'initiateUnstake', WAD)
  await world.write(account, world.sVvv, 'initiateUnstake', WAD)
}

const settled = async (show, view) => {
  await show.go(view)
  await show.main.locator('h1').waitFor()
  await show.quiet()
}

for (const colorScheme of ['light', 'dark']) {
  scene(
    `axe finds nothing in any view or dialog, ${colorScheme}`,
    async (show) => {
      const clean = async (where) => assert.deepEqual(await show.axe(), [], where)
      for (const view of VIEWS) {
        await settled(show, view)
        await clean(view || 'overview')
      }
      await settled(show, 'stake')
      for (const tab of ['Unstake', 'Rewards']) {
        await show.tab(tab).click()
        await clean(tab)
      }
      await settled(show, 'mint')
      await show.fill('You get', '999999')
      await clean('a form with complaints')
      await show.tab('Burn').click()
      await clean('burn')
      await show.button('Settings').click()
      await clean('settings')
      await show.page.keyboard.press('Escape')
      await show.page.getByRole('button', { name: /^Account/ }).click()
      await clean('account')
      await show.page.keyboard.press('Escape')
      await settled(show, 'leases')
      await show.main.getByRole('article', { name: 'Lease 1' }).getByRole('button').first().click()
      await clean('lease')
      await show.page.keyboard.press('Escape')
      await settled(show, 'stake')
      await show.fill('Amount', '1')
      show.wallet.rejects = true
      await show.submit('Stake')
      await show.says('You rejected the request')
      await clean('a flow that was rejected')
      show.wallet.rejects = false
      await show.dialog.getByRole('button', { name: 'Try again' }).click()
      await show.says('All steps are done.')
      await clean('a flow that is done')
    },
    { colorScheme, before: lively, vvv: 10n * WAD },
  )
}

scene(
  'axe finds nothing without a wallet, in the wallets’ dialog, and while the node is away',
  async (show) => {
    for (const view of VIEWS) {
      await settled(show, view)
      assert.deepEqual(await show.axe(), [], view)
    }
    await show.page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).click()
    assert.deepEqual(await show.axe(), [])
    await show.page.keyboard.press('Escape')
    show.nodeDown = true
    await show.page.getByText('The node does not answer').waitFor()
    assert.deepEqual(await show.axe(), [])
  },
  { connected: false },
)

scene(
  'nothing scrolls sideways at 360 pixels, in any view, with every decimal shown',
  async (show) => {
    await show.page.evaluate(() =>
      localStorage.setItem(
        'diem.settings',
        JSON.stringify({ theme: 'system', exact: true, tolerance: 'bigint:50', nodes: {}, gateways: {} }),
      ),
    )
    await show.page.reload()
    for (const view of VIEWS) {
      await settled(show, view)
      const { wide, width } = await show.page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        width: document.documentElement.clientWidth,
      }))
      assert.ok(wide <= width, `${view || 'overview'} is ${wide} wide`)
    }
  },
  { before: lively, viewport: { width: 360, height: 740 } },
)

/** Tabs on until an element with this role and name has the focus. */
async function tabTo(show, name) {
  const wanted = typeof name === 'string' ? name : name.source
  for (let presses = 0; presses < 80; presses++) {
    await show.page.keyboard.press('Tab')
    const now = await show.page.evaluate(() => {
      const node = document.activeElement
      const label = node?.labels?.[0]?.innerText
      return (node?.getAttribute('aria-label') ?? label ?? node?.innerText ?? '').trim()
    })
    if (now === wanted) return
  }
  throw new Error(`the Tab key does not come to ${wanted}`)
}

scene(
  'stake, mint and burn by the keyboard alone',
  async (show, world) => {
    const { keyboard } = show.page
    const type = async (label, value) => {
      await tabTo(show, label)
      await keyboard.type(value)
    }
    const press = async (name) => {
      await tabTo(show, name)
      await keyboard.press('Enter')
    }
    const finish = async () => {
      await show.says('All steps are done.')
      await press('Done')
      await show.dialog.waitFor({ state: 'detached' })
    }
    await press('Connect wallet')
    await show.dialog.waitFor()
    await press('Test Wallet')
    await show.page.getByRole('button', { name: /^Account/ }).waitFor()
    await press('Stake')
    await show.page.getByRole('heading', { name: 'Stake VVV' }).waitFor()
    await show.fact('vvv', 1_000n * WAD)
    await type('Amount', '1000')
    await press('Stake')
    await finish()
    await press('Mint')
    await show.page.getByRole('heading', { name: 'Mint and burn' }).waitFor()
    await show.main.getByText('1,000').first().waitFor()
    await type('You lock', '900')
    await press('Mint')
    await finish()
    const diem = await world.read(world.diem, 'balanceOf', show.account.address)
    assert.ok(diem > 9n * WAD)
    await show.page.reload()
    await show.fact('outstanding', diem)
    await tabTo(show, 'Mint')
    await tabTo(show, 'Mint')
    await keyboard.press('ArrowRight')
    await type('You burn', '4')
    await press('Burn')
    await finish()
    assert.equal(await world.read(world.diem, 'balanceOf', show.account.address), diem - 4n * WAD)
  },
  { vvv: 1_000n * WAD, connected: false },
)

scene(
  'the policy forbids what the page does not do, and the theme’s switch holds over a reload',
  async (show) => {
    const policy = await show.page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content')
    assert.doesNotMatch(policy, /unsafe/)
    assert.match(policy, /default-src 'none'/)
    await show.button('Settings').click()
    await show.dialog.getByLabel('Dark').check()
    await show.page.reload()
    assert.equal(await show.page.evaluate(() => document.documentElement.dataset.theme), 'dark')
  },
  { noWallet: true },
)

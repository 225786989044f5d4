import assert from 'node:assert/strict'
import { lively, VIEWS } from './lib/lively.mjs'
import { served, servedBy } from './lib/served.mjs'
import { stage } from './lib/stage.mjs'
import { WAD } from './lib/world.mjs'

const { scene } = stage()
for (const colorScheme of ['light', 'dark']) {
  scene(
    `axe finds nothing in any view or dialog, ${colorScheme}`,
    async (show) => {
      const clean = async (where) => assert.deepEqual(await show.axe(), [], where)
      for (const view of VIEWS) {
        await show.settled(view)
        await clean(view || 'overview')
      }
      await show.settled('stake')
      for (const tab of ['Unstake', 'Rewards']) {
        await show.tab(tab).click()
        await clean(tab)
      }
      await show.settled('mint')
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
      await show.settled('leases')
      await show.main.getByRole('article', { name: 'Lease 1' }).getByRole('button').first().click()
      await clean('lease')
      await show.page.keyboard.press('Escape')
      await show.settled('stake')
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

  scene(
    `axe finds nothing in a flow at any place where it may stand, ${colorScheme}`,
    async (show, world) => {
      const clean = async (where) => assert.deepEqual(await show.axe(), [], where)
      await show.settled('stake')
      show.wallet.hangs.add('eth_signTypedData_v4')
      await show.fill('Amount', '1')
      await show.submit('Stake')
      await show.says('Waiting for you to confirm in the wallet')
      await clean('waiting for the wallet')
      const away = show.page.getByText('The node does not answer. What you see')
      show.nodeDown = true
      await away.waitFor()
      await clean('the node is away')
      show.nodeDown = false
      await away.waitFor({ state: 'detached' })
      const mine = show.account
      await show.wallet.useAccount(show.page, await world.person())
      await show.says('Your wallet is at another account')
      await clean('at another account')
      await show.wallet.useAccount(show.page, mine)
      await show.says('Waiting for you to confirm in the wallet')
      show.wallet.hangs.add('eth_sendTransaction')
      await show.dialog.getByRole('button', { name: 'Approve instead' }).click()
      await show.page.waitForFunction(() => JSON.parse(localStorage.getItem('diem.flows'))[0].entry)
      await show.page.reload()
      await show.button('Continue').waitFor()
      await clean('unfinished, beside a view')
      await show.button('Continue').click()
      await show.says('The page was reloaded while the wallet was asked')
      await clean('reloaded')
      show.wallet.hangs.clear()
      await world.chain.rpc('evm_setAutomine', [false])
      await show.dialog.getByRole('button', { name: 'Ask again' }).click()
      await show.says('Sent. Waiting for a block')
      await clean('waiting for a block')
      await show.wallet.cancel()
      await world.chain.rpc('evm_setAutomine', [true])
      await world.chain.rpc('evm_mine')
      await show.says('The transaction was cancelled in the wallet')
      await clean('cancelled')
      await show.dialog.getByRole('button', { name: 'Give up' }).click()
      await show.page.getByRole('button', { name: /^Account/ }).click()
      await show.dialog.getByText('Cancelled').waitFor()
      await clean('the journal')
    },
    { colorScheme, vvv: 10n * WAD },
  )

  scene(
    `axe finds nothing in the dialogs of keys, ${colorScheme}`,
    async (show) => {
      const clean = async (where) => assert.deepEqual(await show.axe(), [], where)
      await show.settled('keys')
      await show.fill('Description', 'Laptop')
      await show.main.getByLabel('May list, change and revoke keys').check()
      await show.submit('Sign and make the key')
      await show.dialog.locator('[data-fact="key"]').waitFor()
      await clean('a new key')
      await show.dialog.getByRole('button', { name: 'I have kept it' }).click()
      const item = show.main.getByRole('article', { name: 'Laptop' })
      await item.waitFor()
      await clean('keys and usage')
      await item.getByRole('button', { name: /^Limit/ }).click()
      await show.dialog.getByLabel('Limit in dollars a day').fill('1,5')
      await show.dialog.getByText('Write a number').waitFor()
      await clean('a limit with a complaint')
      await show.dialog.getByRole('button', { name: 'Cancel' }).click()
      await item.getByRole('button', { name: /^Revoke/ }).click()
      await show.dialog.getByText('This cannot be undone').waitFor()
      show.gatewayDown = true
      await show.dialog.getByRole('button', { name: 'Revoke' }).click()
      await show.says('The gateway does not answer.')
      await clean('a revocation that failed')
    },
    { colorScheme, before: served, gateways: servedBy },
  )
}

scene(
  'axe finds nothing without a wallet, in the wallets’ dialog, and while the node is away',
  async (show) => {
    for (const view of VIEWS) {
      await show.settled(view)
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
      await show.settled(view)
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

scene(
  'no live region reads out what ticks, and nothing moves where the person asked for stillness',
  async (show, world) => {
    for (const view of VIEWS) {
      await show.settled(view)
      await show.page.evaluate(() => {
        const spoken = (globalThis.spoken = [])
        const note = (changes) => spoken.push(...changes.map(({ target }) => target.textContent))
        for (const region of document.querySelectorAll('[aria-live], [role="status"], [role="alert"]')) {
          new MutationObserver(note).observe(region, { subtree: true, childList: true, characterData: true })
        }
      })
      await world.chain.warp(61)
      await show.settled(view)
      await show.asksTwice()
      assert.deepEqual(await show.page.evaluate(() => globalThis.spoken), [], view)
      const moving = await show.page.evaluate(() =>
        [...document.querySelectorAll('*')]
          .filter((node) => {
            const { transitionDuration, animationName } = getComputedStyle(node)
            return !/^0s(, 0s)*$/.test(transitionDuration) || animationName !== 'none'
          })
          .map((node) => node.outerHTML.slice(0, 80)),
      )
      assert.deepEqual(moving, [], view)
    }
  },
  { before: lively, vvv: 10n * WAD },
)

import assert from 'node:assert/strict'
import { stage } from './lib/stage.mjs'
import { WAD } from './lib/world.mjs'

const { scene } = stage()
const STAKE = { view: 'stake', vvv: 10n * WAD }

async function stake(show, amount = '4') {
  await show.fill('Amount', amount)
  await show.submit('Stake')
}

const automine = (world, on) => world.chain.rpc('evm_setAutomine', [on])
const free = (show, world) => world.read(world.sVvv, 'balanceOfUnlocked', show.account.address)

/** The journal's word for the newest entry. */
const newest = (show) => show.page.evaluate(() => JSON.parse(localStorage.getItem('diem.journal'))[0])

/** A transaction in the pool, and the page waiting for it. */
async function pending(show, world) {
  await automine(world, false)
  await stake(show)
  await show.says('Sent. Waiting for a block')
}

async function mine(world) {
  await automine(world, true)
  await world.chain.rpc('evm_mine')
}

scene(
  'a transaction that is sped up is done, under its new hash',
  async (show, world) => {
    await pending(show, world)
    const hash = await show.wallet.speedUp()
    await mine(world)
    await show.done()
    const entry = await newest(show)
    assert.deepEqual([entry.state, entry.hash, entry.spedUp], ['done', hash, true])
    assert.equal(await free(show, world), 4n * WAD)
    await show
      .button('Account')
      .or(show.page.getByRole('button', { name: /Account/ }))
      .first()
      .click()
    await show.dialog.getByText('Done, sped up').waitFor()
  },
  STAKE,
)

scene(
  'a transaction that is cancelled is never shown as done',
  async (show, world) => {
    await pending(show, world)
    await show.wallet.cancel()
    await mine(world)
    await show.says('The transaction was cancelled in the wallet: nothing changed.')
    assert.equal((await newest(show)).state, 'cancelled')
    assert.equal(await show.dialog.getByText('All steps are done').count(), 0)
    assert.equal(await free(show, world), 0n)
  },
  STAKE,
)

scene(
  'a transaction whose nonce something else took is told apart from a cancelled one',
  async (show, world) => {
    await pending(show, world)
    await show.wallet.replace({ to: world.other.address, data: '0x1234' })
    await mine(world)
    await show.says('Another transaction took its place')
    assert.equal((await newest(show)).state, 'replaced')
  },
  STAKE,
)

scene(
  'a transaction that reverts in its block is told as refused',
  async (show, world) => {
    // Minting is stopped by a transaction that lies before the mint in the next block; the simulation cannot know.
    await automine(world, false)
    await world.chain.walletClient.writeContract({ account: world.other, ...world.diem, functionName: 'pauseMint' })
    await show.fill('You get', '5')
    await show.submit('Mint')
    await show.says('Sent. Waiting for a block')
    await mine(world)
    await show.says('The transaction is in a block, but the contract refused it')
    assert.equal((await newest(show)).state, 'reverted')
    assert.equal(await world.read(world.diem, 'balanceOf', show.account.address), 0n)
  },
  {
    view: 'mint',
    before: async (world, account) => {
      await world.stakeVvv(account, 10_000n * WAD)
      await world.write(world.owner, world.diem, 'setGuardian', world.other.address)
    },
  },
)

scene(
  'a wallet that never answers a permit can be left: approve instead',
  async (show, world) => {
    show.wallet.hangs.add('eth_signTypedData_v4')
    await stake(show)
    await show.says('Waiting for you to confirm in the wallet')
    await show.dialog.getByRole('button', { name: 'Approve instead' }).click()
    await show.done()
    assert.equal(show.wallet.sent.length, 2)
    assert.equal(await free(show, world), 4n * WAD)
    assert.equal(await world.read(world.vvv, 'allowance', show.account.address, world.sVvv.address), 0n)
  },
  STAKE,
)

scene(
  'a wallet that never answers a transaction, a reload, and the question is asked again',
  async (show, world) => {
    show.wallet.hangs.add('eth_sendTransaction')
    await stake(show)
    await show.says('Waiting for you to confirm in the wallet')
    await show.page.waitForFunction(() => JSON.parse(localStorage.getItem('diem.flows'))[0].entry)
    await show.page.reload()
    await show.button('Continue').click()
    await show.says('The page was reloaded while the wallet was asked')
    show.wallet.hangs.clear()
    await show.dialog.getByRole('button', { name: 'Ask again' }).click()
    await show.done()
    assert.equal(await free(show, world), 4n * WAD)
  },
  STAKE,
)

scene(
  'what the wallet sent while the page was away is found on the chain',
  async (show, world) => {
    show.wallet.hangs.add('eth_sendTransaction')
    await stake(show)
    await show.page.waitForFunction(() => JSON.parse(localStorage.getItem('diem.flows'))[0].entry)
    const { to, data } = await newest(show)
    await show.page.goto('about:blank')
    await show.wallet.send({ to, data })
    await show.go('stake')
    await show
      .button('Continue')
      .waitFor({ state: 'detached' })
      .catch(() => undefined)
    await show.page.waitForFunction(() => JSON.parse(localStorage.getItem('diem.journal'))[0].state === 'done')
    await show.fact('free', 4n * WAD)
  },
  STAKE,
)

scene(
  'a chain that the wallet does not know is added on a click, and only then',
  async (show, world) => {
    assert.equal(show.wallet.asked.includes('wallet_switchEthereumChain'), false)
    await show.fill('Amount', '4')
    await show.submit('Switch wallet to Dev node')
    await show.main.getByRole('button', { name: 'Stake', exact: true }).waitFor()
    assert.deepEqual(
      show.wallet.asked.filter((method) => /wallet_(add|switch)/.test(method)),
      ['wallet_switchEthereumChain', 'wallet_addEthereumChain', 'wallet_switchEthereumChain'],
    )
    await show.submit('Stake')
    await show.done()
    assert.equal(await free(show, world), 4n * WAD)
  },
  { ...STAKE, wallet: (wallet) => Object.assign(wallet, { chainId: 1, known: new Set([1]) }) },
)

scene(
  'reads do not depend on the wallet: another chain there changes no number here',
  async (show, world) => {
    await show.fact('vvv', await world.read(world.vvv, 'balanceOf', show.account.address))
  },
  { ...STAKE, wallet: (wallet) => Object.assign(wallet, { chainId: 1 }) },
)

scene(
  'an account that changes while a flow runs halts it, and changing back goes on',
  async (show, world) => {
    show.wallet.hangs.add('eth_signTypedData_v4')
    await stake(show)
    await show.says('Waiting for you to confirm in the wallet')
    const mine = show.account
    const other = await world.person(3n * WAD)
    await show.wallet.useAccount(show.page, other)
    await show.says('Your wallet is at another account than the one that began this')
    await show.dialog.getByRole('button', { name: 'Close' }).click()
    await show.fact('vvv', 3n * WAD)
    show.wallet.hangs.clear()
    await show.wallet.useAccount(show.page, mine)
    await show.fact('vvv', 10n * WAD)
    await show.button('Continue').click()
    await show.dialog.getByRole('button', { name: 'Approve instead' }).click()
    await show.done()
    assert.equal(await free(show, world), 4n * WAD)
    assert.equal(await world.read(world.sVvv, 'balanceOfUnlocked', other.address), 0n)
  },
  STAKE,
)

scene(
  'a wallet that batches (EIP-5792) approves and stakes in one',
  async (show, world) => {
    await stake(show)
    await show.done()
    assert.ok(show.wallet.asked.includes('wallet_sendCalls'))
    assert.equal(show.wallet.asked.includes('eth_signTypedData_v4'), false)
    assert.equal(await free(show, world), 4n * WAD)
  },
  { ...STAKE, wallet: (wallet) => Object.assign(wallet, { batches: true }) },
)

scene(
  'a batch that the wallet took while the page was away is found by its name',
  async (show, world) => {
    show.wallet.hangs.add('wallet_sendCalls')
    await stake(show)
    await show.page.waitForFunction(() => JSON.parse(localStorage.getItem('diem.flows'))[0].entry)
    await show.page.reload()
    await show.button('Continue').click()
    await show.says('The page was reloaded while the wallet was asked')
    await show.wallet.sendCalls(show.wallet.unanswered.params[0])
    await show.done()
    assert.equal(await free(show, world), 4n * WAD)
    assert.equal((await newest(show)).state, 'done')
  },
  { ...STAKE, wallet: (wallet) => Object.assign(wallet, { batches: true }) },
)

const HOSTILE = '<img src=x onerror="globalThis.pwned=1"><b>free money</b>'

scene(
  'a wallet’s name and errors, and the node’s, are text; its picture is never fetched',
  async (show, world) => {
    const banner = show.page.getByRole('banner')
    await banner.getByRole('button', { name: 'Connect wallet' }).click()
    const offered = show.dialog.getByRole('button', { name: HOSTILE })
    await offered.waitFor()
    assert.equal(await show.dialog.locator('b, img').count(), 0)
    await offered.click()
    await banner.getByRole('button', { name: /Account/ }).waitFor()
    show.wallet.fails = HOSTILE
    await stake(show)
    await show.says(`The wallet says: ${HOSTILE}`)
    assert.equal(await show.dialog.locator('b, img').count(), 0)
    show.wallet.fails = undefined
    await show.context.route(world.node.rpcUrl, (route) => {
      const asked = [route.request().postDataJSON()].flat()
      if (!asked.some(({ method }) => method === 'eth_estimateGas')) return route.fallback()
      const error = { code: -32000, message: HOSTILE }
      return route.fulfill({ json: asked.map(({ id }) => ({ jsonrpc: '2.0', id, error })) })
    })
    await show.dialog.getByRole('button', { name: 'Approve instead' }).click()
    await show.says(HOSTILE)
    assert.equal(await show.dialog.locator('b, img').count(), 0)
    assert.equal(await show.page.evaluate(() => globalThis.pwned), undefined)
  },
  {
    ...STAKE,
    connected: false,
    wallet: (wallet) => (wallet.info = { name: HOSTILE, icon: 'https://example.test/track.svg' }),
  },
)

scene(
  'a contract account cannot sign permits, so it approves',
  async (show, world) => {
    // The code is there for the page; the account still signs, so that the node takes its transactions.
    await show.context.route(world.node.rpcUrl, async (route) => {
      const asked = [route.request().postDataJSON()].flat()
      if (
        !asked.some(
          ({ method, params }) =>
            method === 'eth_getCode' && params[0].toLowerCase() === show.account.address.toLowerCase(),
        )
      ) {
        return route.fallback()
      }
      const answer = [await (await route.fetch()).json()].flat()
      const ids = new Set(asked.filter(({ method }) => method === 'eth_getCode').map(({ id }) => id))
      return route.fulfill({ json: answer.map((item) => (ids.has(item.id) ? { ...item, result: '0x6001' } : item)) })
    })
    await stake(show)
    await show.done()
    assert.equal(show.wallet.asked.includes('eth_signTypedData_v4'), false)
    assert.equal(await free(show, world), 4n * WAD)
  },
  STAKE,
)

scene(
  'a locked wallet and a rejected connection are told in words, and the page stays readable',
  async (show) => {
    show.wallet.rejects = true
    await show.page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).click()
    await show.dialog.getByRole('button', { name: 'Test Wallet' }).click()
    await show.dialog.getByText('The wallet was not connected: the request was rejected.').waitFor()
    show.wallet.rejects = false
    await show.dialog.getByRole('button', { name: 'Test Wallet' }).click()
    await show.fact('vvv', 10n * WAD)
    show.wallet.locked = true
    await show.wallet.tell(show.page, 'accountsChanged', [])
    await show.main.getByRole('button', { name: 'Connect wallet' }).waitFor()
  },
  { ...STAKE, connected: false },
)

scene(
  'without any wallet everything can be read, and the dialog says what to do',
  async (show, world) => {
    await show.fact('supply', await world.read(world.diem, 'totalSupply'))
    await show.page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).click()
    await show.dialog.getByText('No wallet was found in this browser').waitFor()
  },
  { noWallet: true, connected: false },
)

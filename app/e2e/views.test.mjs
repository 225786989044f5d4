import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../bench/lib/tools.mjs'
import { lively, VIEWS } from './lib/lively.mjs'
import { stage } from './lib/stage.mjs'
import { WAD } from './lib/world.mjs'

const { scene } = stage()
const precompile = ({ viem }, number, ...functions) => ({
  address: `0x${number.padStart(40, '0')}`,
  abi: viem.parseAbi(functions),
})
const TWO_DAYS = 2 * 86_400
/** OpenZeppelin's, as its package has it compiled. */
const BUILT = 'tools/node_modules/@openzeppelin/contracts/build/contracts/TimelockController.json'
const TIMELOCK = JSON.parse(readFileSync(join(ROOT, BUILT), 'utf8'))

scene(
  'overview: every number is the contracts’, for any address, without a wallet',
  async (show, world) => {
    const { address } = show.account
    const read = (contract, name, ...args) => world.read(world[contract], name, ...args)
    const agree = async () => {
      await show.fact('supply', await read('diem', 'totalSupply'))
      await show.fact('rate', await read('diem', 'mintRate'))
      await show.fact(
        'rate-after',
        await read('diem', 'mintRateAt', (await read('diem', 'totalSupply')) + 1_000n * WAD),
      )
      await show.fact('svvv-total', await read('sVvv', 'totalSupply'))
      await show.fact('reserve', await read('sVvv', 'rewardReserve'))
      await show.fact('fees', await read('diem', 'pendingFees'))
      await show.fact('total-staked', await read('diem', 'totalStaked'))
      await show.fact('outstanding', (await read('diem', 'position', address))[1])
      await show.fact('free', await read('sVvv', 'balanceOfUnlocked', address))
      await show.fact('pending', await read('sVvv', 'pendingRewards', address))
      await show.fact('credit', (await read('diem', 'creditsOf', address))[2])
    }
    await show.go(address)
    await agree()
    await show.fact('settled', 0n)
    const [epoch] = await read('diem', 'lineOf', address)
    await world.write(world.gateway, world.diem, 'settle', epoch, address, WAD)
    await world.write(world.gateway, world.diem, 'settle', epoch, address, 2n * WAD)
    await show.fact('settled', 2n * WAD)
    await agree()
  },
  {
    noWallet: true,
    before: async (world, account) => {
      await world.write(world.owner, world.diem, 'setGateway', world.gateway.address, true)
      await world.write(account, world.diem, 'chooseGateway', world.gateway.address)
      await world.mintDiem(account, 25n * WAD)
      await world.write(account, world.diem, 'stake', 10n * WAD)
    },
  },
)

scene(
  'history: what happened, in order, by kind, and as CSV with exact values',
  async (show, world) => {
    const rows = show.main.getByRole('row')
    await show.main.getByRole('cell', { name: 'Minted DIEM' }).waitFor()
    const all = await rows.count()
    await show.main.getByLabel('Show', { exact: true }).selectOption('credit')
    await show.main.getByRole('cell', { name: 'Minted DIEM' }).waitFor({ state: 'detached' })
    // The head of the table, and DIEM's Staked.
    assert.equal(await rows.count(), 2)
    await show.main.getByLabel('Show', { exact: true }).selectOption('all')
    const [download] = await Promise.all([show.page.waitForEvent('download'), show.button('Download CSV').click()])
    const lines = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\r\n')
    assert.equal(lines.length, all)
    assert.equal(lines[0], 'block,time,transaction,log,contract,event,fields')
    assert.ok(lines.some((line) => line.includes(`diem,Staked,user=${show.account.address} amount=${3n * WAD}`)))
    // What happens now is added without a reload.
    await world.write(show.account, world.diem, 'initiateUnstake', WAD)
    await show.main.getByRole('cell', { name: 'Unstaking begun DIEM' }).waitFor()
  },
  {
    view: 'history',
    before: async (world, account) => {
      await world.mintDiem(account, 5n * WAD)
      await world.write(account, world.diem, 'stake', 3n * WAD)
    },
  },
)

scene(
  'operator: roles, gateways and programs as the chain has them',
  async (show, world) => {
    for (const [fact, contract, name] of [
      ['owner', world.diem, 'owner'],
      ['svvv-owner', world.sVvv, 'owner'],
      ['guardian', world.diem, 'guardian'],
      ['treasury', world.diem, 'treasury'],
    ]) {
      await show.page.locator(`[data-fact="${fact}"] a[title="${await world.read(contract, name)}"]`).waitFor()
    }
    await show.fact('emission', await world.read(world.sVvv, 'emissionRatePerSecond'))
    await show.main.getByText('The owner is no timelock').waitFor()
    const gateway = show.main.getByRole('row', { name: /registered/ })
    await gateway.waitFor()
    await show.main
      .locator('[data-program="diem"]')
      .getByText(/UTC \(364 d|UTC \(365 d/)
      .waitFor()
    const program = (name) => show.main.locator(`[data-program="${name}"]`)
    await program('diem').getByText('not cached', { exact: true }).waitFor()
    await world.write(world.owner, world.arbDebug, 'becomeChainOwner')
    await world.write(world.owner, world.arbWasmCache, 'cacheProgram', world.diem.address)
    await program('diem').getByText('cached', { exact: true }).waitFor()
    await program('sVvv').getByText('not cached', { exact: true }).waitFor()
    await world.write(world.guardian, world.diem, 'revokeGateway', world.gateway.address)
    await show.main.getByRole('row', { name: /revoked/ }).waitFor()
    await world.write(world.guardian, world.diem, 'pauseMint')
    await show.page.locator('[data-fact="minting"]').getByText('paused').waitFor()
  },
  {
    view: 'operator',
    noWallet: true,
    before: async (world) => {
      world.guardian = world.other
      world.arbDebug = precompile(world, 'ff', 'function becomeChainOwner()')
      world.arbWasmCache = precompile(world, '72', 'function cacheProgram(address program)')
      await world.write(world.owner, world.diem, 'setGuardian', world.guardian.address)
      await world.write(world.owner, world.diem, 'setGateway', world.gateway.address, true)
    },
  },
)

for (const view of VIEWS) {
  scene(
    `${view || 'overview'} asks the node once for all it reads of a block, and nothing while no block comes`,
    async (show) => {
      await show.settled(view)
      assert.equal(await show.requestsForABlock(), 1)
      show.asked.length = 0
      await show.asksTwice()
      assert.deepEqual(
        show.asked.flat().filter(({ method }) => method !== 'eth_getBlockByNumber'),
        [],
      )
    },
    { before: lively, vvv: 10n * WAD },
  )
}

scene(
  'the first view does not wait for the node',
  async (show) => {
    let release
    show.hold = new Promise((done) => (release = done))
    await show.page.reload()
    await show.page.getByRole('heading', { name: 'Overview' }).waitFor()
    await show.main.getByRole('button', { name: 'Show' }).waitFor()
    assert.equal(await show.main.locator('data[value]').count(), 0)
    release()
    await show.main.locator('data[value]').first().waitFor()
  },
  { noWallet: true },
)

scene(
  'operator: what waits in a timelock that owns DIEM, in the words of the interface, until it is done',
  async (show, world) => {
    const { viem, timelock, schedule, execute, chain } = world
    await show.page.locator('[data-fact="owner"]').getByText('a timelock, 2 d 00 h').waitFor()
    await show.main.getByText('Nothing is scheduled.').waitFor()
    const data = viem.encodeFunctionData({
      abi: world.diem.abi,
      functionName: 'setTreasury',
      args: [world.other.address],
    })
    await schedule(data)
    const waiting = show.main.getByRole('listitem').filter({ hasText: `diem.setTreasury(${world.other.address})` })
    await waiting.getByText(/^from /).waitFor()
    assert.equal(await show.requestsForABlock(), 1)
    await chain.warp(TWO_DAYS)
    await waiting.getByText('ready').waitFor()
    await execute(data)
    await show.main.getByText('Nothing is scheduled.').waitFor()
    await show.page.locator(`[data-fact="treasury"] a[title="${world.other.address}"]`).waitFor()
    await show.page.locator(`[data-fact="owner"] a[title="${viem.getAddress(timelock.address)}"]`).waitFor()
  },
  {
    view: 'operator',
    noWallet: true,
    before: async (world) => {
      const { owner, diem, chain, viem } = world
      const args = [BigInt(TWO_DAYS), [owner.address], [owner.address], viem.zeroAddress]
      const { address, abi } = await chain.deploy(owner, TIMELOCK, args)
      world.timelock = { address, abi }
      const call = (data) => [diem.address, 0n, data, viem.zeroHash, viem.zeroHash]
      world.schedule = (data) => world.write(owner, world.timelock, 'schedule', ...call(data), BigInt(TWO_DAYS))
      world.execute = (data) => world.write(owner, world.timelock, 'execute', ...call(data))
      const accept = viem.encodeFunctionData({ abi: diem.abi, functionName: 'acceptOwnership' })
      await world.write(owner, diem, 'transferOwnership', address)
      await world.schedule(accept)
      await chain.warp(TWO_DAYS)
      await world.execute(accept)
    },
  },
)

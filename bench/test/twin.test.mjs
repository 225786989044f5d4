// The Stylus contracts and their twin for other chains live through the same random history: every transaction must
// succeed or revert with the same error on both, emit the same events in the same order, and leave the same state, to the
// wei.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { connect, startChain } from '../lib/chain.mjs'
import { WAD, deployDesign, deployStylus } from '../lib/design.mjs'
import { steadyClock } from '../lib/steady.mjs'
import { publishedAbi } from '../lib/abi.mjs'
import { ACTORS, GATEWAYS, GUARDIAN, OWNER, drawAction, generator } from '../lib/twin/actions.mjs'
import { alike, fullView, perform, refusal, view } from '../lib/twin/compare.mjs'
import { keepAlive } from '../lib/stylus.mjs'
import { viem } from '../lib/tools.mjs'

const SEED = Number(process.env.TWIN_SEED ?? 20_261_122)
const STEPS = Number(process.env.TWIN_STEPS ?? 1_000)
const VIEW_EVERY = 10
const FULL_VIEW_EVERY = 100
/** Stylus programs live for a year, and these steps take about a season. */
const KEEP_ALIVE_EVERY = 300
const START_BALANCE = 10n ** 30n
const ZERO = '0x0000000000000000000000000000000000000000'

const worlds = []
const nodes = []

before(async () => {
  for (const deploy of [deployStylus, deployDesign]) {
    const node = await startChain('devnode')
    nodes.push(node)
    const chain = steadyClock(await connect(node.rpcUrl))
    const { record } = await deploy(chain)
    const contract = (key, abi) => ({ address: record[key], abi: publishedAbi(abi) })
    const world = {
      chain,
      vvv: contract('vvv', 'IVVV'),
      sVvv: contract('sVvv', 'IStakedVvv'),
      diem: contract('diem', 'IDiem'),
    }
    const { accounts } = chain
    const act = (who, key, functionName, ...args) => chain.act(accounts[who], { contract: world[key], functionName, args })
    for (let actor = 0; actor < ACTORS; actor += 1) {
      await act(actor, 'vvv', 'mint', accounts[actor].address, START_BALANCE)
      await act(actor, 'vvv', 'approve', world.sVvv.address, START_BALANCE)
    }
    await act(OWNER, 'diem', 'setGuardian', accounts[GUARDIAN].address)
    for (const gateway of GATEWAYS.slice(0, 2)) await act(OWNER, 'diem', 'setGateway', accounts[gateway].address, true)
    await act(OWNER, 'diem', 'setDefaultGateway', accounts[GATEWAYS[0]].address)
    worlds.push(world)
  }
  // They were set up in different numbers of blocks; from here on they live in the same seconds.
  const time = Math.max(...worlds.map(({ chain }) => chain.time))
  for (const { chain } of worlds) chain.time = time
})
after(() => nodes.forEach((node) => node.stop()))

let leases = 0

test(`${STEPS} random actions have the same outcome, seed ${SEED}`, async () => {
  const random = generator(SEED)
  const succeeded = {}
  const drawn = new Set()
  for (let step = 1; step <= STEPS; step += 1) {
    const action = drawAction(random, leases)
    const outcomes = await both((world) => perform(world, action))
    const place = `step ${step}: ${action.name}`
    alike(...outcomes, place)
    const [{ events, error }] = outcomes
    drawn.add(action.name)
    if (!error) succeeded[action.name] = (succeeded[action.name] ?? 0) + 1
    leases += (events ?? []).filter(({ eventName }) => eventName === 'LeaseOpened').length
    if (step % KEEP_ALIVE_EVERY === 0) await keepProgramsAlive()
    if (step % VIEW_EVERY === 0) alike(...(await both(view)), `state after ${place}`)
    if (step % FULL_VIEW_EVERY === 0) alike(...(await both((world) => fullView(world, leases))), `views after ${place}`)
  }
  // A history of refusals would prove nothing.
  const meant = [...drawn].filter((name) => !name.startsWith('refused'))
  assert.deepEqual(meant.filter((name) => !succeeded[name]), [], 'never succeeded')
  assert.deepEqual(Object.keys(succeeded).filter((name) => name.startsWith('refused')), [])
})

test('every view answers alike', async () => {
  alike(...(await both((world) => fullView(world, leases))), 'views')
})

test('from the zero address, where simulations call from by default, every function answers alike', async () => {
  const samples = { address: (world) => world.chain.accounts[2].address, bool: () => true, uint8: () => 27 }
  const sample = ({ type }, world) => {
    if (type.endsWith('[]')) return [sample({ type: type.slice(0, -2) }, world)]
    if (type.startsWith('bytes')) return `0x${'11'.repeat(32)}`
    return samples[type] ? samples[type](world) : type === 'uint32' ? 3 : WAD
  }
  for (const key of ['vvv', 'sVvv', 'diem']) {
    const functions = worlds[0][key].abi.filter(({ stateMutability }) => stateMutability === 'nonpayable')
    for (const item of functions) {
      const [left, right] = await both((world) => simulated(world, key, item, item.inputs.map((input) => sample(input, world))))
      alike(left, right, `${key}.${item.name} from nobody`)
    }
  }
})

test('a renounced DIEM has no guardian and no pause, and nobody to set them', async () => {
  const last = [
    [OWNER, 'setGuardian', (world) => [world.chain.accounts[GUARDIAN].address]],
    [GUARDIAN, 'pauseMint', () => []],
    [OWNER, 'renounceOwnership', () => []],
    [GUARDIAN, 'pauseMint', () => []],
    [OWNER, 'setGateway', (world) => [world.chain.accounts[GATEWAYS[0]].address, true]],
    [OWNER, 'setTreasury', (world) => [world.chain.accounts[OWNER].address]],
  ]
  const errors = []
  for (const [who, functionName, args] of last) {
    const call = (world) => ({ contract: world.diem, functionName, args: args(world) })
    const outcomes = await both((world) => perform(world, { who, wait: 1, call }))
    alike(...outcomes, functionName)
    errors.push(outcomes[0].error)
  }
  const refused = ['OnlyGuardian', 'OwnableUnauthorizedAccount', 'OwnableUnauthorizedAccount']
  assert.deepEqual(errors, [undefined, undefined, undefined, ...refused])
  alike(...(await both((world) => fullView(world, leases))), 'views')
  const read = (name) => worlds[1].chain.read(worlds[1].diem, name)
  assert.deepEqual([await read('owner'), await read('guardian'), await read('mintPaused')], [ZERO, ZERO, false])
})

/** In the world without programs, as many blocks pass. */
async function keepProgramsAlive() {
  const [stylus, twin] = worlds
  for (const key of ['vvv', 'sVvv', 'diem']) {
    const [owner, idler] = [stylus.chain.accounts[OWNER], twin.chain.accounts[OWNER]]
    await keepAlive(stylus.chain, owner, stylus[key].address)
    await twin.chain.send(idler, { to: idler.address })
  }
}

const both = (work) => Promise.all(worlds.map(work))

/** The outcome of a call that is not sent. */
async function simulated(world, key, item, args) {
  const data = viem.encodeFunctionData({ abi: [item], args })
  try {
    const answer = await world.chain.rpc('eth_call', [{ from: ZERO, to: world[key].address, data }, 'latest'])
    return { answer: viem.decodeAbiParameters(item.outputs, answer) }
  } catch (error) {
    const { data: revert } = error.walk((each) => each.data !== undefined) ?? {}
    if (revert === undefined) throw error
    return refusal(world, revert)
  }
}

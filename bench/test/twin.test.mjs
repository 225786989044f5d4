// The Stylus contracts and their Solidity twin, written apart from each other, live through the same random history:
// every transaction must succeed or revert with the same error on both, emit the same events, and leave the same
// state. Amounts may differ by what the two curve implementations may differ: 1 part in 1e15 and a few wei.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { connect, startChain } from '../lib/chain.mjs'
import { WAD, deployDesign, deployStylus } from '../lib/design.mjs'
import { steadyClock } from '../lib/steady.mjs'
import { publishedAbi } from '../lib/abi.mjs'
import { viem } from '../lib/tools.mjs'

const SEED = Number(process.env.TWIN_SEED ?? 20_261_122)
const STEPS = Number(process.env.TWIN_STEPS ?? 400)
const ACTORS = 5
const HOUR = 3_600
const DAY = 24 * HOUR
/** Short of a year in all, after which Stylus programs expire. */
const WAITS = [1, 1, 12, 12, 12, HOUR, HOUR, HOUR, 6 * HOUR, 6 * HOUR, 12 * HOUR, DAY, DAY, DAY, 7 * DAY]
/** Wei by which amounts may differ after a history of roundings. */
const DUST = 1_000n
const PARTS = 10n ** 15n
/** Event fields that are no amounts. */
const EXACT = ['id', 'epoch', 'startEpoch', 'endEpoch', 'newEmissionRate']
const START_BALANCE = 10n ** 30n

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
    const actors = chain.accounts.slice(0, ACTORS)
    for (const actor of actors) {
      await chain.act(actor, { contract: world.vvv, functionName: 'mint', args: [actor.address, START_BALANCE] })
      await chain.act(actor, { contract: world.vvv, functionName: 'approve', args: [world.sVvv.address, START_BALANCE] })
    }
    await chain.act(actors[0], { contract: world.diem, functionName: 'setGateway', args: [actors[1].address, true] })
    worlds.push(world)
  }
})
after(() => nodes.forEach((node) => node.stop()))

test(`${STEPS} random actions have the same outcome, seed ${SEED}`, async () => {
  const random = generator(SEED)
  const counts = { succeeded: 0, reverted: 0 }
  for (let step = 0; step < STEPS; step += 1) {
    const action = drawAction(random)
    const outcomes = await Promise.all(worlds.map((world) => perform(world, action)))
    const place = `step ${step}: ${action.name}`
    alike(outcomes[0], outcomes[1], place)
    counts[outcomes[0].error ? 'reverted' : 'succeeded'] += 1
    if (step % 10 === 9) alike(await view(worlds[0]), await view(worlds[1]), `state after ${place}`)
  }
  // A history of refusals would prove nothing.
  assert.ok(counts.succeeded > STEPS / 3 && counts.reverted > 0, JSON.stringify(counts))
})

/** Small, fast and the same everywhere (mulberry32); gives integers below `limit`. */
function generator(seed) {
  let state = seed >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}

/** One action: who, when, and the call, which may ask the world for amounts of its own. */
function drawAction(random) {
  const who = random(ACTORS)
  const other = random(ACTORS)
  const amount = BigInt(1 + random(1_000_000)) * 10n ** BigInt(random(7) + 12) * 10n ** BigInt(random(3))
  const small = BigInt(1 + random(1_000_000)) * 10n ** 12n
  const share = BigInt(random(101))
  const id = BigInt(random(8))
  const epochs = random(5)
  const wait = WAITS[random(WAITS.length)]
  const sVvv = (functionName, args = []) => (world) => ({ contract: world.sVvv, functionName, args })
  const diem = (functionName, args = []) => (world) => ({ contract: world.diem, functionName, args })
  /** A share in percent of what a view answers for the actor; past 95% all of it. */
  const part = (contract, view, at, call) => async (world) => {
    const me = world.chain.accounts[who].address
    const answer = await world.chain.read(world[contract], view, [me])
    const whole = at === undefined ? answer : answer[at]
    return call(share > 95n ? whole : (whole * share) / 100n)(world)
  }
  const address = (index) => worlds[0].chain.accounts[index].address
  const choices = {
    stake: sVvv('stake', [address(other), amount]),
    stakeMore: sVvv('stake', [address(who), amount * 100n]),
    claim: sVvv('claim'),
    claimAndStake: sVvv('claimAndStake'),
    initiateUnstakeVvv: part('sVvv', 'balanceOfUnlocked', undefined, (x) => sVvv('initiateUnstake', [x / 4n])),
    finalizeUnstake: sVvv('finalizeUnstake'),
    mint: part('sVvv', 'balanceOfUnlocked', undefined, (x) => diem('mint', [x / 2n, 0n])),
    mintDiem: part('sVvv', 'balanceOfUnlocked', undefined, (x) => sVvv('mintDiem', [x / 2n, 0n])),
    mintExact: diem('mintExact', [small, 10n ** 40n]),
    mintTooDear: diem('mint', [small, amount * 10n ** 12n]),
    burn: part('diem', 'balanceOf', undefined, (x) => diem('burn', [x])),
    burnDiem: part('sVvv', 'lockedStakes', 1, (x) => sVvv('burnDiem', [x])),
    transfer: part('diem', 'balanceOf', undefined, (x) => diem('transfer', [address(other), x / 4n])),
    claimYield: diem('claimYield'),
    collectFees: diem('collectFees'),
    stakeDiem: part('diem', 'balanceOf', undefined, (x) => diem('stake', [x])),
    stakeDiemAgain: part('diem', 'balanceOf', undefined, (x) => diem('stake', [x / 2n])),
    initiateUnstakeDiem: part('diem', 'stakedInfos', 0, (x) => diem('initiateUnstake', [x])),
    unstakeDiem: diem('unstake'),
    spend: diem('spend', [address(other), small]),
    spendBatch: diem('spendBatch', [[address(other), address(who), address(other)], [small, small / 2n, small]]),
    lease: part('diem', 'stakedInfos', 0, (x) => diem('lease', [address(other), x / 3n, epochs])),
    transferLease: diem('transferLease', [id, address(other)]),
    spendLease: diem('spendLease', [id, small / 10n]),
    closeLease: diem('closeLease', [id]),
    setRate: sVvv('setEmissionRate', [amount / 1_000n]),
    pause: diem('pauseMint'),
    approveReceipt: sVvv('approve', [address(other), amount]),
  }
  const names = Object.keys(choices)
  const name = names[random(names.length)]
  const gatewayOnly = ['spend', 'spendBatch', 'spendLease'].includes(name) && random(5) > 0
  return { name, wait, who: gatewayOnly ? 1 : name === 'setRate' ? 0 : who, call: choices[name] }
}

/** Sends the action; resolves to its events, or to the error it reverted with. */
async function perform(world, { who, wait, call }) {
  const { chain } = world
  const request = await call(world)
  const receipt = await chain.act(chain.accounts[who], request, wait).catch((error) => {
    if (!error.receipt) throw error
    return error.receipt
  })
  const abi = [...world.diem.abi, ...world.sVvv.abi, ...world.vvv.abi]
  if (receipt.status !== 'success') {
    const { output } = await chain.rpc('debug_traceTransaction', [receipt.transactionHash, { tracer: 'callTracer' }])
    if (!output || output === '0x') return { error: 'no data', args: [] }
    const { errorName, args = [] } = viem.decodeErrorResult({ abi, data: output })
    return { error: errorName, args: [...args].map((each) => named(world, each)) }
  }
  const events = receipt.logs.map((log) => {
    const { eventName, args } = viem.decodeEventLog({ abi: contractAt(world, log.address).abi, ...log })
    const { mintRateAfter, ...rest } = args
    return { at: named(world, log.address), eventName, ...mapValues(rest, (each) => named(world, each)), mintRateAfter }
  })
  const order = (event) => `${event.at} ${event.eventName} ${event.from ?? ''} ${event.to ?? ''}`
  return { events: events.sort((a, b) => (order(a) < order(b) ? -1 : 1)) }
}

const contractAt = (world, address) =>
  [world.vvv, world.sVvv, world.diem].find((each) => viem.isAddressEqual(each.address, address))
const mapValues = (object, map) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]))

/** Contracts have other addresses in each world, so they go by name. */
function named(world, value) {
  const key = ['vvv', 'sVvv', 'diem'].find((each) => String(value).toLowerCase() === world[each].address.toLowerCase())
  return key ?? value
}

/** Everything that views tell about totals and actors. */
async function view(world) {
  const { chain, sVvv, diem, vvv } = world
  const read = (contract, name, ...args) => chain.read(contract, name, args)
  const state = {
    totals: await Promise.all([
      ...['totalSupply', 'totalLockedStakedVVV', 'rewardReserve', 'lockedYield', 'currentIndex', 'accRewardPerShareLocked']
        .map((name) => read(sVvv, name)),
      ...['totalSupply', 'totalStaked', 'pendingFees', 'totalFeesCollected', 'nextRefresh'].map((name) => read(diem, name)),
      read(vvv, 'balanceOf', sVvv.address),
    ]),
  }
  for (const [i, { address }] of chain.accounts.slice(0, ACTORS).entries()) {
    state[`actor ${i}`] = await Promise.all([
      read(vvv, 'balanceOf', address),
      ...['balanceOf', 'balanceOfUnlocked', 'pendingRewards', 'lockedStakes'].map((name) => read(sVvv, name, address)),
      ...['balanceOf', 'position', 'stakedInfos', 'creditsOf', 'leasedOut'].map((name) => read(diem, name, address)),
      read(sVvv, 'stakes', address).then(([, end, amount]) => [end, amount]),
    ])
  }
  for (const id of [0n, 1n, 2n, 3n]) {
    state[`lease ${id}`] = [await read(diem, 'leaseOf', id), await read(diem, 'leaseCreditsOf', id)]
  }
  return state
}

/** Deep equality, numbers within the tolerance. */
function alike(left, right, place, field) {
  if (EXACT.includes(field)) assert.equal(left, right, place)
  else if (typeof left === 'bigint' && typeof right === 'bigint') {
    const [off, size] = left > right ? [left - right, left] : [right - left, right]
    assert.ok(off <= DUST + size / PARTS, `${place}: Stylus ${left}, Solidity ${right}`)
  } else if (left !== null && typeof left === 'object' && right !== null && typeof right === 'object') {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])]
    for (const key of keys) alike(left[key], right[key], `${place} / ${key}`, key)
  } else {
    assert.deepEqual(left, right, place)
  }
}

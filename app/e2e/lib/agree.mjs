// What the page says in each view, all of it, against what the contracts say: to the wei, at the same block.
import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { WAD } from './world.mjs'

const SECONDS_A_DAY = 86_400n
const MORE = 1_000n * WAD
/** Much longer than a view takes to read, whatever else the machine does. */
const AGREES_WITHIN_MS = 30_000
/** Rows of a history's first page. */
const PAGE = 25
/** Events that no account's history tells: an allowance moves nothing. */
const SILENT = new Set(['Approval'])

/** By view: the values of each fact, in the order in which the page writes them. */
const EXPECTED = {
  async ''({ diem, sVvv, vvv }, account) {
    const [locked, outstanding] = await diem('position', account)
    const [staked, , cooling] = await diem('stakedInfos', account)
    const [, , left] = await diem('creditsOf', account)
    const supply = await diem('totalSupply')
    return {
      credit: [left],
      'diem-staked': [staked],
      diem: [await diem('balanceOf', account)],
      ...(cooling > 0n && { cooling: [cooling] }),
      outstanding: [outstanding],
      vvv: [await vvv('balanceOf', account)],
      free: [await sVvv('balanceOfUnlocked', account)],
      locked: [locked],
      pending: [await sVvv('pendingRewards', account)],
      supply: [supply],
      rate: [await diem('mintRate')],
      'rate-after': [await diem('mintRateAt', supply + MORE)],
      'total-staked': [await diem('totalStaked')],
      'svvv-total': [await sVvv('totalSupply')],
      reserve: [await sVvv('rewardReserve')],
      fees: [await diem('pendingFees')],
      treasury: [await diem('totalFeesCollected')],
    }
  },
  async stake({ diem, sVvv, vvv }, account) {
    const [locked] = await diem('position', account)
    const free = await sVvv('balanceOfUnlocked', account)
    const balance = await vvv('balanceOf', account)
    const pending = await sVvv('pendingRewards', account)
    return {
      ...{ available: [balance], get: [0n], become: [free] },
      ...{ vvv: [balance], free: [free], locked: [locked], pending: [pending] },
    }
  },
  async mint({ diem, sVvv }, account) {
    const [locked, outstanding, pendingYield] = await diem('position', account)
    return {
      available: [await sVvv('balanceOfUnlocked', account)],
      ...{ locked: [locked], outstanding: [outstanding], yield: [pendingYield] },
      rate: [await diem('mintRate')],
      supply: [await diem('totalSupply')],
    }
  },
  async credit({ diem }, account) {
    const [, allowance, used, , next] = await diem('lineOf', account)
    const [staked] = await diem('stakedInfos', account)
    const balance = await diem('balanceOf', account)
    return {
      ...{ left: [allowance - used], of: [allowance] },
      ...{ allowance: [allowance], used: [used], next: [next] },
      ...{ available: [balance], 'allowance-then': [allowance], diem: [balance], staked: [staked] },
      leased: [await diem('leasedOut', account)],
    }
  },
  async leases({ diem, events, now }, account) {
    const told = await events('diem')
    const opened = told.filter(({ eventName }) => eventName === 'LeaseOpened')
    const epoch = (await now()) / SECONDS_A_DAY
    const facts = {}
    const put = (id, ...values) => (facts[`lease-${id}`] ??= []).push(...values)
    const open = await Promise.all(
      opened.map(async ({ args }) => ({
        ...args,
        lease: await diem('leaseOf', args.id),
        line: await diem('leaseLineOf', args.id),
      })),
    )
    const given = ({ amount, startEpoch, endEpoch }) =>
      epoch < startEpoch ? 0n : amount * ((epoch < endEpoch ? epoch + 1n : endEpoch) - startEpoch)
    const used = (id) => {
      const days = new Map(
        told.flatMap(({ eventName, args }) =>
          eventName === 'LeaseSettled' && args.id === id ? [[args.epoch, args.used]] : [],
        ),
      )
      return [...days.values()].reduce((sum, stated) => sum + stated, 0n)
    }
    for (const item of open) {
      if (item.lease[0] === account) put(item.id, item.amount, given(item), used(item.id))
    }
    for (const { id, amount, lease, line } of open) if (lease[1] === account) put(id, amount, line[1] - line[2])
    for (const item of open) {
      if (item.lease[0] !== account && item.lessor === account) put(item.id, item.amount, given(item), used(item.id))
    }
    return {
      available: [await diem('nextAllowanceOf', account)],
      costs: [0n],
      leased: [await diem('leasedOut', account)],
      ...facts,
    }
  },
  async history({ events }, account) {
    const told = [...(await events('sVvv')), ...(await events('diem'))]
    const mine = told
      .filter(({ eventName }) => !SILENT.has(eventName))
      .filter(({ args, indexed }) => indexed.some((field) => args[field] === account))
      .sort((a, b) => Number(b.blockNumber - a.blockNumber) || b.logIndex - a.logIndex)
    const values = mine
      .slice(0, PAGE)
      .flatMap(({ args }) => Object.values(args).filter((value) => typeof value === 'bigint'))
    return values.length > 0 ? { '': values } : {}
  },
  async operator({ sVvv }) {
    return {
      emission: [await sVvv('emissionRatePerSecond')],
      'emission-most': [await sVvv('maxEmissionRatePerSecond')],
    }
  },
}

function readerOf({ chain, viem, ...world }) {
  const read =
    (name) =>
    (functionName, ...args) =>
      chain.read(world[name], functionName, args)
  const events = async (name) => {
    const { address, abi } = world[name]
    const logs = await chain.publicClient.getLogs({ address, fromBlock: 0n })
    return viem.parseEventLogs({ abi, logs }).map((log) => {
      const { inputs } = abi.find((item) => item.type === 'event' && item.name === log.eventName)
      return { ...log, indexed: inputs.filter(({ indexed }) => indexed).map((input) => input.name) }
    })
  }
  return { vvv: read('vvv'), sVvv: read('sVvv'), diem: read('diem'), events, now: () => chain.now() }
}

/** The values that the page shows, by the fact that each belongs to. */
async function shownBy(show) {
  const shown = await show.page.locator('main').evaluate((main) => {
    const facts = {}
    for (const data of main.querySelectorAll('data[value]')) {
      const name = data.closest('[data-fact]')?.dataset.fact ?? ''
      ;(facts[name] ??= []).push(data.value)
    }
    return facts
  })
  delete shown.settled
  return shown
}

/** Goes through all views that show numbers of the chain. Settled dollars are told by events alone, and are left out. */
export async function agree(show, world) {
  const reader = readerOf(world)
  const account = world.viem.getAddress(show.account.address)
  for (const [view, expectedOf] of Object.entries(EXPECTED)) {
    const until = Date.now() + AGREES_WITHIN_MS
    for (;;) {
      await show.settled(view)
      const shown = await shownBy(show)
      const wanted = Object.entries(await expectedOf(reader, account)).map(([name, values]) => [
        name,
        values.map(String),
      ])
      // A view that has just been opened may not have begun to read yet; what it says in the end is what counts.
      if (isDeepStrictEqual(shown, Object.fromEntries(wanted))) break
      if (Date.now() > until) assert.deepEqual(shown, Object.fromEntries(wanted), view || 'overview')
    }
  }
}

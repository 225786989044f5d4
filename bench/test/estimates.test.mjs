// An estimate suffices in any second, of the Stylus contracts and of their twin: made in a second in which somebody
// else touched the pool or in one in which nobody did, sent in another of either kind or a day later, with no headroom.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect, startChain } from '../lib/chain.mjs'
import { WAD, deployDesign, deployStylus } from '../lib/design.mjs'
import { steadyClock } from '../lib/steady.mjs'
import { viem } from '../lib/tools.mjs'

const DAY = 86_400
const MONTH = 30 * DAY
const RICH = 10n ** 30n

/** Everything that a holder does, in an order in which each act can succeed; some acts find nothing to do. */
const life = ({ address }, { gateway }) => [
  ['sVvv', 'stake', address, 1_000n * WAD],
  ['sVvv', 'fundRewards', WAD],
  ['diem', 'mint', 450n * WAD, 0n],
  ['sVvv', 'mintDiem', 270n * WAD, 0n],
  ['diem', 'mintExact', WAD / 2n, RICH],
  ['diem', 'burn', WAD / 10n],
  ['sVvv', 'burnDiem', WAD / 10n],
  ['sVvv', 'claim'],
  ['sVvv', 'claim'],
  ['diem', 'claimYield'],
  ['diem', 'collectFees'],
  ['sVvv', 'claimAndStake'],
  ['sVvv', 'initiateUnstake', WAD],
  ['diem', 'chooseGateway', gateway.address],
  ['diem', 'stake', 2n * WAD],
  ['diem', 'stake', WAD],
  ['diem', 'initiateUnstake', WAD / 10n],
  ['diem', 'initiateUnstake', WAD / 10n],
  ['diem', 'chooseGateway', viem.zeroAddress],
  ['diem', 'chooseGateway', viem.zeroAddress],
  ['diem', 'chooseGateway', gateway.address],
  ['diem', 'lease', address, WAD / 2n, 2],
  ['diem', 'lease', address, WAD / 2n, 2],
  ['diem', 'chooseLeaseGateway', 'lease', gateway.address],
  ['diem', 'chooseLeaseGateway', 'lease', gateway.address],
]

/** What the holder did before, and what it does then. */
const CASES = {
  'a newcomer': { past: () => [], acts: life },
  'an old hand': {
    past: ({ address }) => [
      ['sVvv', 'stake', address, 10_000n * WAD],
      ['diem', 'mint', 4_500n * WAD, 0n],
      ['sVvv', 'claim'],
      ['diem', 'stake', WAD],
      ['diem', 'initiateUnstake', WAD / 100n],
    ],
    acts: life,
  },
  'one who has everything locked and no VVV': {
    past: ({ address }, { stranger }) => [
      ['sVvv', 'stake', address, 10_000n * WAD],
      ['diem', 'mint', 10_000n * WAD, 0n],
      ['vvv', 'transfer', stranger.address, RICH - 10_000n * WAD],
    ],
    acts: () => [['sVvv', 'claim'], ['diem', 'claimYield'], ['sVvv', 'claimAndStake']],
  },
}

for (const [name, deploy] of Object.entries({ Stylus: deployStylus, 'the twin': deployDesign })) {
  for (const [who, { past, acts }] of Object.entries(CASES)) {
    test(`estimates of ${who} hold in any second, ${name}`, async () => {
      const world = await open(deploy)
      try {
        for (const act of past(world.holder, world)) await world.act(world.holder, ...act)
        const failed = []
        for (const act of acts(world.holder, world)) failed.push(...(await estimated(world, act)))
        assert.deepEqual(failed, [])
      } finally {
        world.stop()
      }
    })
  }
}

async function open(deploy) {
  const node = await startChain('devnode')
  const chain = steadyClock(await connect(node.rpcUrl))
  const contracts = await deploy(chain)
  const [toucher, holder, stranger, gateway] = chain.accounts.slice(3)
  const act = (account, key, functionName, ...args) => chain.act(account, { contract: contracts[key], functionName, args })
  for (const account of [toucher, holder]) {
    await act(account, 'vvv', 'mint', account.address, RICH)
    await act(account, 'vvv', 'approve', contracts.sVvv.address, RICH)
  }
  await act(chain.accounts[0], 'diem', 'setGateway', gateway.address, true)
  const touch = () => act(toucher, 'sVvv', 'stake', toucher.address, 1n)
  // With a single wei staked the index would pass its width.
  await act(toucher, 'sVvv', 'stake', toucher.address, 1_000n * WAD)
  return { ...contracts, chain, holder, stranger, gateway, act, touch, stop: node.stop }
}

/** Estimates and sends the act in every pair of seconds, then takes it once for good; resolves to what failed. */
async function estimated(world, [key, functionName, ...given]) {
  const { chain, holder, act, touch } = world
  const args = await Promise.all(given.map((each) => (each === 'lease' ? lastLease(world) : each)))
  const { address, abi } = world[key]
  const call = { to: address, data: viem.encodeFunctionData({ abi, functionName, args }) }
  const pin = (second) => chain.rpc('evm_setNextBlockTimestamp', [second])
  const failed = []
  for (const busyThen of [true, false]) {
    for (const [later, busyNow] of [[1, false], [1, true], [DAY, false], [DAY, true], [MONTH, false]]) {
      const snapshot = await chain.rpc('evm_snapshot')
      const time = chain.time
      try {
        await touch()
        // Estimates are made on the pending block.
        const then = chain.time + (busyThen ? 0 : 1)
        await pin(then)
        const gas = BigInt(await chain.rpc('eth_estimateGas', [{ from: holder.address, ...call }]))
        chain.time = then + later - (busyNow ? 12 : 0)
        if (busyNow) await touch()
        await pin(then + later)
        const hash = await chain.walletClient.sendTransaction({ account: holder, ...call, gas })
        const { status } = await chain.publicClient.waitForTransactionReceipt({ hash })
        if (status === 'success') continue
        const seconds = `estimated in a ${busyThen ? 'busy' : 'quiet'} second, sent ${later} s later in a ${busyNow ? 'busy' : 'quiet'} one`
        failed.push(`${functionName}(${args}), ${seconds}: ${gas} gas is too little`)
      } catch (error) {
        // What cannot be done then at all has no estimate.
        if (!/NothingToClaim/.test(`${error.message} ${decoded(world, error)}`)) throw error
      } finally {
        await chain.rpc('evm_revert', [snapshot])
        chain.time = time
      }
    }
  }
  await act(holder, key, functionName, ...args)
  return failed
}

function decoded({ sVvv }, error) {
  const { data } = error.walk?.((each) => typeof each.data === 'string') ?? {}
  return data ? viem.decodeErrorResult({ abi: sVvv.abi, data }).errorName : ''
}

async function lastLease({ chain, diem, holder }) {
  for (let id = 1n; ; id += 1n) {
    const [lessor] = await chain.read(diem, 'leaseOf', [id])
    if (lessor === holder.address) return id
  }
}

// What users do. An action is prepared by other transactions and then measured alone, on a state that is the same for
// every system: `supply` DIEM minted by a whale, Alice an old user, Newbie without history.
//
// `steps(w)` yields [account, call, options]; the last one is the one measured. A call that is null (the system has no
// such action) ends the action without a figure. `wait` in options lets that many seconds pass before the step.
import { WAD } from '../lib/design.mjs'
import { viem } from '../lib/tools.mjs'

export const SUPPLIES = [0n, 10_000n, 37_700n, 60_000n]
/** The supply for everything that does not depend on it: that of the live system in September 2026. */
const USUAL = 37_700n
const HOUR = 3_600
const DAY = 86_400
export const BATCH = 100
const LOCK = 1_000n * WAD
const NEVER_SEEN = '0x00000000000000000000000000000000000a11ce'

/** Alice's standing position: she has staked, minted, and some time has passed since. */
function* oldPosition({ alice, system }) {
  yield [alice, system.mint(LOCK)]
}

function* stakedDiem(world) {
  yield* oldPosition(world)
  yield [world.alice, system(world).stakeDiem(WAD)]
}

function* gateway({ owner, keeper, system }) {
  yield [owner, system.setGateway?.(keeper.address)]
}

/** Alice's line has the keeper for its gateway, today: she chose before she staked. */
function* chosenLine(world) {
  yield* gateway(world)
  yield [world.alice, world.system.chooseGateway?.(world.keeper.address)]
  yield* stakedDiem(world)
}

/** Those who never chose have the keeper for their gateway. */
function* defaultGateway(world) {
  yield* gateway(world)
  yield [world.owner, world.system.setDefaultGateway?.(world.keeper.address)]
  yield [world.owner, world.system.setGateway?.(world.keeper.address), { wait: 2 * DAY }]
}

/** One account after the other, all with a dollar a day. */
function* stakedCrowd(world) {
  for (const member of world.crowd) {
    yield [world.whale, world.system.transfer(member.address, WAD)]
    yield [member, world.system.stakeDiem(WAD)]
  }
}

/** A statement of the same total for each line; at the last settlement nothing waits any more. */
function* settleBatches({ crowd, keeper, system, epochIn }) {
  const accounts = crowd.map((member) => member.address)
  const used = crowd.map(() => WAD / 10n)
  yield [keeper, system.settleBatch?.(epochIn(DAY), accounts, used), { wait: DAY }]
  yield [keeper, system.settleBatch?.(epochIn(DAY), accounts, used), { wait: DAY }]
}

function* settleTwice({ alice, keeper, system, epochIn }) {
  yield [keeper, system.settle?.(epochIn(), alice.address, WAD / 10n)]
  yield [keeper, system.settle?.(epochIn(), alice.address, WAD / 5n)]
}

function* openLease(world) {
  yield* gateway(world)
  yield* stakedDiem(world)
  yield [world.alice, world.system.lease?.(world.newbie.address, WAD / 4n)]
}

/** The lease's line has the keeper for its gateway from its first epoch on. */
function* chosenLease(world) {
  yield* openLease(world)
  yield [world.newbie, world.system.chooseLeaseGateway?.(world.lease, world.keeper.address)]
}

const system = (world) => world.system
const at = (supply) => `at ${supply.toLocaleString('en-US')} DIEM`
const mints = SUPPLIES.flatMap((supply) => [
  {
    id: `mintFirst${supply}`,
    title: `mint, first, ${at(supply)}`,
    supply,
    *steps({ alice, system }) {
      yield [alice, system.mint(LOCK), { wait: HOUR }]
    },
  },
  {
    id: `mintAgain${supply}`,
    title: `mint, again, ${at(supply)}`,
    supply,
    *steps(world) {
      yield* oldPosition(world)
      yield [world.alice, world.system.mint(LOCK), { wait: HOUR }]
    },
  },
])

const usual = [
  {
    id: 'stakeFirst',
    title: 'stake VVV, first',
    *steps({ newbie, system }) {
      yield [newbie, system.faucet(newbie.address, 3n * LOCK)]
      yield [newbie, system.approveVvv(2n * LOCK)]
      yield [newbie, system.stake(newbie.address, LOCK), { wait: HOUR }]
    },
  },
  {
    id: 'stakeAgain',
    title: 'stake VVV, again',
    *steps({ alice, system }) {
      yield [alice, system.stake(alice.address, LOCK), { wait: HOUR }]
    },
  },
  {
    id: 'claimFree',
    title: 'claim, no position',
    *steps({ alice, system }) {
      yield [alice, system.claim(), { wait: DAY }]
    },
  },
  {
    id: 'claim',
    title: 'claim, with a position',
    *steps(world) {
      yield* oldPosition(world)
      yield [world.alice, world.system.claim(), { wait: DAY }]
    },
  },
  {
    id: 'claimAndStake',
    title: 'claimAndStake, with a position',
    *steps(world) {
      yield* oldPosition(world)
      yield [world.alice, world.system.claimAndStake(), { wait: DAY }]
    },
  },
  {
    id: 'initiateUnstakeVvv',
    title: 'initiateUnstake sVVV',
    *steps({ alice, system }) {
      yield [alice, system.unstake(LOCK), { wait: DAY }]
    },
  },
  {
    id: 'finalizeUnstake',
    title: 'finalizeUnstake',
    *steps({ alice, system }) {
      yield [alice, system.unstake(LOCK)]
      yield [alice, system.finalize(), { wait: 7 * DAY }]
    },
  },
  {
    id: 'quote',
    title: 'getDiemAmountOut, sent as a transaction',
    *steps({ alice, system }) {
      yield [alice, system.quote(LOCK)]
    },
  },
  {
    id: 'mintDiemAgain',
    title: 'mintDiem (live entry point), again',
    *steps(world) {
      yield* oldPosition(world)
      yield [world.alice, world.system.mintLive?.(LOCK) ?? world.system.mint(LOCK), { wait: HOUR }]
    },
  },
  {
    id: 'mintExact',
    title: 'mintExact, again',
    *steps(world) {
      yield* oldPosition(world)
      yield [world.alice, world.system.mintExact?.(WAD), { wait: HOUR }]
    },
  },
  {
    id: 'burnPart',
    title: 'burn part',
    *steps(world) {
      yield* oldPosition(world)
      yield [world.alice, world.system.burn(WAD), { wait: HOUR }]
    },
  },
  {
    id: 'burnAll',
    title: 'burn all',
    *steps(world) {
      yield* oldPosition(world)
      yield [world.alice, world.system.burn(world.outstanding), { wait: HOUR }]
    },
  },
  {
    id: 'transferNew',
    title: 'transfer DIEM to a new account',
    *steps(world) {
      yield [world.whale, world.system.transfer(NEVER_SEEN, WAD)]
    },
  },
  {
    id: 'transferKnown',
    title: 'transfer DIEM to a known account',
    *steps(world) {
      yield* oldPosition(world)
      yield [world.whale, world.system.transfer(world.alice.address, WAD)]
    },
  },
  {
    id: 'approve',
    title: 'approve DIEM',
    *steps({ whale, keeper, system }) {
      yield [whale, system.approve(keeper.address, WAD)]
    },
  },
  {
    id: 'permit',
    title: 'permit DIEM',
    *steps({ whale, keeper, system, permit }) {
      yield [keeper, system.permit?.(permit(whale, keeper.address, WAD))]
    },
  },
  {
    id: 'stakeDiemFirst',
    title: 'stake DIEM, first',
    *steps(world) {
      yield* oldPosition(world)
      yield [world.alice, world.system.stakeDiem(WAD)]
    },
  },
  {
    id: 'stakeDiemAgain',
    title: 'stake DIEM, again',
    *steps(world) {
      yield* stakedDiem(world)
      yield [world.alice, world.system.stakeDiem(WAD / 2n)]
    },
  },
  {
    id: 'initiateUnstakeDiem',
    title: 'initiateUnstake DIEM, first',
    *steps(world) {
      yield* stakedDiem(world)
      yield [world.alice, world.system.unstakeDiem(WAD / 2n)]
    },
  },
  {
    id: 'initiateUnstakeDiemAgain',
    title: 'initiateUnstake DIEM, again',
    *steps(world) {
      yield* stakedDiem(world)
      yield [world.alice, world.system.unstakeDiem(WAD / 2n)]
      yield [world.alice, world.system.unstakeDiem(WAD / 4n), { wait: DAY }]
    },
  },
  {
    id: 'unstakeDiem',
    title: 'unstake DIEM',
    *steps(world) {
      yield* stakedDiem(world)
      yield [world.alice, world.system.unstakeDiem(WAD / 2n)]
      yield [world.alice, world.system.collectDiem(), { wait: DAY }]
    },
  },
  {
    id: 'claimYield',
    title: 'claimYield',
    *steps(world) {
      yield* oldPosition(world)
      yield [world.alice, world.system.claimYield?.(), { wait: DAY }]
    },
  },
  {
    id: 'collectFees',
    title: 'collectFees',
    *steps({ keeper, system }) {
      yield [keeper, system.collectFees?.()]
      yield [keeper, system.collectFees?.(), { wait: DAY }]
    },
  },
  {
    id: 'chooseGatewayFirst',
    title: 'chooseGateway, before staking',
    *steps(world) {
      yield* gateway(world)
      yield [world.alice, world.system.chooseGateway?.(world.keeper.address)]
    },
  },
  {
    id: 'chooseGateway',
    title: 'chooseGateway, with an allowance',
    *steps(world) {
      yield* gateway(world)
      yield* stakedDiem(world)
      yield [world.alice, world.system.chooseGateway?.(world.keeper.address)]
    },
  },
  {
    id: 'settle',
    title: 'settle, second of the day, of a line that chose',
    *steps(world) {
      yield* chosenLine(world)
      yield* settleTwice(world)
    },
  },
  {
    id: 'settleDefault',
    title: 'settle, second of the day, of a line that follows the default',
    *steps(world) {
      yield* defaultGateway(world)
      yield* stakedDiem(world)
      yield* settleTwice(world)
    },
  },
  {
    id: 'settleAfterChoice',
    title: 'settle, first after a choice that waited',
    *steps(world) {
      yield* gateway(world)
      yield* stakedDiem(world)
      yield [world.alice, world.system.chooseGateway?.(world.keeper.address)]
      const { alice, epochIn, keeper, system } = world
      yield [keeper, system.settle?.(epochIn(DAY), alice.address, WAD / 10n), { wait: DAY }]
    },
  },
  {
    id: 'settleRepeated',
    title: 'settle, the same statement again',
    *steps(world) {
      yield* chosenLine(world)
      yield* settleTwice(world)
      yield [world.keeper, world.system.settle?.(world.epochIn(), world.alice.address, WAD / 5n)]
    },
  },
  {
    id: 'settleBatch',
    title: `settleBatch of ${BATCH} lines that chose, each`,
    per: BATCH,
    *steps(world) {
      yield* gateway(world)
      for (const member of world.crowd) yield [member, world.system.chooseGateway?.(world.keeper.address)]
      yield* stakedCrowd(world)
      yield* settleBatches(world)
    },
  },
  {
    id: 'settleBatchDefault',
    title: `settleBatch of ${BATCH} lines that follow the default, each`,
    per: BATCH,
    *steps(world) {
      yield* defaultGateway(world)
      yield* stakedCrowd(world)
      yield* settleBatches(world)
    },
  },
  {
    id: 'leaseFirst',
    title: 'lease, first',
    *steps(world) {
      yield* stakedDiem(world)
      yield [world.alice, world.system.lease?.(world.newbie.address, WAD / 4n)]
    },
  },
  {
    id: 'leaseAgain',
    title: 'lease, again',
    *steps(world) {
      yield* openLease(world)
      yield [world.alice, world.system.lease?.(world.newbie.address, WAD / 4n), { wait: DAY }]
    },
  },
  {
    id: 'transferLease',
    title: 'transferLease',
    *steps(world) {
      yield* openLease(world)
      yield [world.newbie, world.system.transferLease?.(world.lease, world.whale.address)]
    },
  },
  {
    id: 'chooseLeaseGatewayFirst',
    title: 'chooseLeaseGateway, before the first epoch',
    *steps(world) {
      yield* chosenLease(world)
    },
  },
  {
    id: 'chooseLeaseGateway',
    title: 'chooseLeaseGateway, with an allowance',
    *steps(world) {
      yield* openLease(world)
      yield [world.newbie, world.system.chooseLeaseGateway?.(world.lease, world.keeper.address), { wait: DAY }]
    },
  },
  {
    id: 'settleLeases',
    title: 'settleLeases of one, second of the day',
    *steps(world) {
      yield* chosenLease(world)
      const { epochIn, keeper, system } = world
      yield [keeper, system.settleLeases?.(epochIn(DAY), [world.lease], [WAD / 10n]), { wait: DAY }]
      yield [keeper, system.settleLeases?.(epochIn(), [world.lease], [WAD / 5n])]
    },
  },
  {
    id: 'settleLeasesBatch',
    title: `settleLeases of ${BATCH}, each`,
    per: BATCH,
    *steps(world) {
      yield* gateway(world)
      yield* stakedCrowd(world)
      const { crowd, epochIn, keeper, newbie, system } = world
      const ids = []
      for (const member of crowd) {
        yield [member, system.lease?.(newbie.address, WAD / 2n)]
        ids.push(world.lease)
        yield [newbie, system.chooseLeaseGateway?.(world.lease, keeper.address)]
      }
      const used = ids.map(() => WAD / 10n)
      yield [keeper, system.settleLeases?.(epochIn(DAY), ids, used), { wait: DAY }]
      yield [keeper, system.settleLeases?.(epochIn(DAY), ids, used), { wait: DAY }]
    },
  },
  {
    id: 'closeLease',
    title: 'closeLease',
    *steps(world) {
      yield* openLease(world)
      yield [world.keeper, world.system.closeLease?.(world.lease), { wait: 32 * DAY }]
    },
  },
]

export const ACTIONS = [...mints, ...usual.map((action) => ({ supply: USUAL, ...action }))]

/** Signs ERC-2612 permits for DIEM; the nonce of an account that never signed is 0. */
export async function permitArgs(chain, diem, owner, spender, value, deadline) {
  const message = { owner: owner.address, spender, value, nonce: 0n, deadline }
  const fields = { owner: 'address', spender: 'address', value: 'uint256', nonce: 'uint256', deadline: 'uint256' }
  const signature = await owner.signTypedData({
    domain: { name: 'Diem', version: '1', chainId: chain.chainId, verifyingContract: diem.address },
    types: { Permit: Object.entries(fields).map(([name, type]) => ({ name, type })) },
    primaryType: 'Permit',
    message,
  })
  const { v, r, s } = viem.parseSignature(signature)
  return [owner.address, spender, value, deadline, Number(v), r, s]
}

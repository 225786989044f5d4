// What may happen in the life that the Stylus contracts and their Solidity twin share: every function that changes
// state, drawn at random, mostly as somebody would call it who means it to succeed.
//
// An action is {name, wait, who, call}: `call(world, time)` resolves to {contract, functionName, args} and, where the
// world itself tells who may do it, `from`; amounts too are shares of what the world tells. An action whose name
// begins with `refused` never succeeds.
import { WAD } from '../design.mjs'
import { viem } from '../tools.mjs'

/** Accounts that hold tokens. */
export const ACTORS = 5
/** Accounts of gateways; the last one is registered in the course of events. */
export const GATEWAYS = [5, 6, 7]
/** Everybody. */
export const CAST = 8
export const OWNER = 0
export const GUARDIAN = 1

const HOUR = 3_600
const DAY = 24 * HOUR
const WAITS = [1, 1, 12, 12, 12, 12, HOUR, HOUR, HOUR, 6 * HOUR, 6 * HOUR, 12 * HOUR, DAY, DAY]
const COOLDOWN = 7 * DAY
const FOREVER = 2n ** 40n
const ZERO = '0x0000000000000000000000000000000000000000'

/** Small, fast and the same everywhere (mulberry32); gives integers below `limit`. */
export function generator(seed) {
  let state = seed >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}

/** How often an action is drawn where it is not once in a round: what credit lines are about, and what comes in pairs. */
const OFTEN = {
  ...{ settle: 6, settleBatch: 5, settleLeases: 6, chooseGateway: 3, chooseLeaseGateway: 3, lease: 3, stakeDiem: 3 },
  ...{ initiateUnstakeVvv: 2, finalizeUnstake: 3 },
}

/** Draws one action; `leases` have been opened so far. */
export function drawAction(random, leases) {
  const choices = Object.entries(actions(random, leases)).flatMap((each) => Array(OFTEN[each[0]] ?? 1).fill(each))
  const [name, { who, wait, call }] = choices[random(choices.length)]
  return { name, who, wait: wait ?? WAITS[random(WAITS.length)], call }
}

/** Name -> {call, who, wait?}, with everything drawn that they need. */
function actions(random, leases) {
  const who = random(ACTORS)
  const other = random(ACTORS)
  const gateway = GATEWAYS[random(GATEWAYS.length)]
  const amount = BigInt(1 + random(1_000_000)) * 10n ** BigInt(random(7) + 12) * 10n ** BigInt(random(3))
  const small = BigInt(1 + random(1_000_000)) * 10n ** 12n
  const share = BigInt(random(101))
  const anyId = BigInt(random(leases + 2))
  const epochs = random(5)
  const rarely = random(6) === 0
  const revoked = rarely ? other : random(3) === 0 ? gateway : GATEWAYS[2]
  const flaw = random(20)

  const by = (account, call, wait) => ({ who: account, call, wait })
  const on = (key) => (functionName, ...args) => (world) => ({
    contract: world[key],
    functionName,
    args: args.map((each) => (typeof each === 'function' ? each(world) : each)),
  })
  const [vvv, sVvv, diem] = ['vvv', 'sVvv', 'diem'].map(on)
  const account = (index) => (world) => world.chain.accounts[index].address
  const contract = (key) => (world) => world[key].address
  /** Who has this address; the gateway drawn when nobody does. */
  const holder = (world, address) => {
    const index = world.chain.accounts.slice(0, CAST).findIndex((each) => each.address === address)
    return index < 0 ? gateway : index
  }
  /** A share in percent of a whole; past 95 all of it. */
  const shareOf = (whole) => (share > 95n ? whole : (whole * share) / 100n)
  /** With that share of what a view answers for the actor. */
  const part = (key, view, at, make) => async (world) => {
    const answer = await world.chain.read(world[key], view, [world.chain.accounts[who].address])
    return make(shareOf(at === undefined ? answer : answer[at]))(world)
  }

  // A statement is right but for the flaw drawn: another epoch, a stranger, a wei too much, lists that do not match.
  const statement = (line, time) => {
    const today = BigInt(Math.floor(time / DAY))
    const [epoch, allowance, , its, nextAllowance, next] = line
    const same = epoch === today
    const most = same ? allowance : nextAllowance
    return {
      epoch: flaw === 0 ? today - 1n : flaw === 1 ? today + 1n : today,
      its: same ? its : next,
      used: flaw === 2 ? most + 1n : shareOf(most),
    }
  }
  const stated = (world, its) => (flaw === 3 ? gateway : flaw === 4 ? who : holder(world, its))
  const lineOf = (world, index) => world.chain.read(world.diem, 'lineOf', [account(index)(world)])
  const settle = async (world, time) => {
    const { epoch, its, used } = statement(await lineOf(world, other), time)
    return { ...diem('settle', epoch, account(other), used)(world), from: stated(world, its) }
  }
  /** All lines that the same gateway may settle, one of them twice. */
  const settleBatch = async (world, time) => {
    const actors = Array.from({ length: ACTORS }, (_, i) => (i + other) % ACTORS)
    const all = await Promise.all(actors.map(async (index) => ({ index, ...statement(await lineOf(world, index), time) })))
    const [{ its, epoch }] = all
    const lines = all.filter((each) => each.its === its)
    lines.push(lines[0])
    const used = lines.map((each) => each.used)
    if (flaw === 5) used.pop()
    const accounts = lines.map(({ index }) => account(index)(world))
    return { ...diem('settleBatch', epoch, accounts, used)(world), from: stated(world, its) }
  }
  /** A lease that is open, when one is, beginning with any. */
  const openLease = async (world) => {
    for (let step = 0n; step < leases; step += 1n) {
      const id = ((anyId + step) % BigInt(leases)) + 1n
      const [lessor] = await world.chain.read(world.diem, 'leaseOf', [id])
      if (lessor !== ZERO) return id
    }
    return anyId
  }
  const settleLeases = async (world, time) => {
    const id = await openLease(world)
    const line = await world.chain.read(world.diem, 'leaseLineOf', [id])
    const { epoch, its, used } = statement(line, time)
    const ids = flaw === 5 ? [id, anyId] : [id, id]
    return { ...diem('settleLeases', epoch, ids, [used / 2n, used])(world), from: stated(world, its) }
  }
  const settleNothing = async (world, time) => {
    const epoch = BigInt(Math.floor(time / DAY))
    return { ...diem(flaw % 2 ? 'settleBatch' : 'settleLeases', epoch, [], [])(world), from: gateway }
  }
  /** By the lessee, or sometimes by somebody. */
  const byLessee = (functionName, argument) => async (world) => {
    const id = await openLease(world)
    const [, lessee] = await world.chain.read(world.diem, 'leaseOf', [id])
    return { ...diem(functionName, id, argument)(world), from: rarely ? who : holder(world, lessee) }
  }
  /** The oldest lease that is over, when one is. */
  const closeEndedLease = async (world, time) => {
    for (let each = 1n; each <= leases; each += 1n) {
      const [lessor, , , , end] = await world.chain.read(world.diem, 'leaseOf', [each])
      if (lessor !== ZERO && end * BigInt(DAY) <= time) return diem('closeLease', each)(world)
    }
    return diem('closeLease', anyId)(world)
  }
  /** A share of what the actor both owes and has. */
  const burn = (on, functionName) => async (world) => {
    const me = account(who)(world)
    const [, owed] = await world.chain.read(world.sVvv, 'lockedStakes', [me])
    const balance = await world.chain.read(world.diem, 'balanceOf', [me])
    return on(functionName, shareOf(owed < balance ? owed : balance))(world)
  }
  /** A share of what the actor may take of somebody's, or a wei more than all of it; VVV sometimes to nobody. */
  const transferFrom = (key) => async (world) => {
    const [owner, spender] = [account(other)(world), account(who)(world)]
    const allowed = await world.chain.read(world[key], 'allowance', [owner, spender])
    const balance = await world.chain.read(world[key], 'balanceOf', [owner])
    const most = allowed < balance ? allowed : balance
    const to = key === 'vvv' && rarely ? ZERO : account(gateway)
    return on(key)('transferFrom', owner, to, flaw < 3 ? most + 1n : shareOf(most))(world)
  }
  const permit = async (world, key, spender, value, deadline) => {
    const { chain } = world
    const owner = chain.accounts[who]
    const nonce = await chain.read(world[key], 'nonces', [owner.address])
    const [, name, version] = await chain.read(world[key], 'eip712Domain')
    const fields = { owner: 'address', spender: 'address', value: 'uint256', nonce: 'uint256', deadline: 'uint256' }
    const signature = await owner.signTypedData({
      domain: { name, version, chainId: chain.chainId, verifyingContract: world[key].address },
      types: { Permit: Object.entries(fields).map(([field, type]) => ({ name: field, type })) },
      primaryType: 'Permit',
      // A nonce that is not the next one makes another signer of it.
      message: { owner: owner.address, spender, value, nonce: nonce + (flaw === 0 ? 1n : 0n), deadline },
    })
    const { v, r, s } = viem.parseSignature(signature)
    return [deadline, Number(v), r, s]
  }
  const signed = async (world) => {
    const spender = account(other)(world)
    const deadline = flaw === 1 ? 1n : FOREVER
    const rest = await permit(world, 'diem', spender, amount, deadline)
    return diem('permit', account(who), spender, amount, ...rest)(world)
  }
  const stakeSigned = async (world) => {
    const rest = await permit(world, 'vvv', world.sVvv.address, amount, FOREVER)
    return sVvv('stakeWithPermit', account(other), amount, ...rest)(world)
  }

  return {
    stake: by(who, sVvv('stake', account(other), amount)),
    stakeMore: by(who, sVvv('stake', account(who), amount * 100n)),
    stakeWithPermit: by(who, stakeSigned),
    claim: by(who, sVvv('claim')),
    claimAtOnce: by(who, sVvv('claim'), 0),
    claimAndStake: by(who, sVvv('claimAndStake')),
    initiateUnstakeVvv: by(who, part('sVvv', 'balanceOfUnlocked', undefined, (x) => sVvv('initiateUnstake', x / 4n))),
    finalizeUnstake: by(who, sVvv('finalizeUnstake'), rarely ? undefined : COOLDOWN),
    mint: by(who, part('sVvv', 'balanceOfUnlocked', undefined, (x) => diem('mint', x / 2n, 0n))),
    mintDiem: by(who, part('sVvv', 'balanceOfUnlocked', undefined, (x) => sVvv('mintDiem', x / 2n, 0n))),
    mintExact: by(who, diem('mintExact', small, 10n ** 40n)),
    burn: by(who, burn(diem, 'burn')),
    burnDiem: by(who, burn(sVvv, 'burnDiem')),
    claimYield: by(who, diem('claimYield')),
    collectFees: by(who, diem('collectFees')),
    fundRewards: by(who, sVvv('fundRewards', amount)),
    approveReceipt: by(who, sVvv('approve', rarely ? ZERO : account(other), amount)),

    transfer: by(who, part('diem', 'balanceOf', undefined, (x) => diem('transfer', account(other), x / 4n))),
    approve: by(who, diem('approve', account(other), amount)),
    permit: by(who, signed),
    transferFrom: by(who, transferFrom('diem')),
    transferVvv: by(who, vvv('transfer', account(other), amount)),
    burnVvv: by(who, vvv('transfer', ZERO, small)),
    approveVvv: by(who, vvv('approve', account(other), amount)),
    approveStaking: by(who, vvv('approve', contract('sVvv'), 10n ** 30n)),
    transferVvvFrom: by(who, transferFrom('vvv')),
    mintVvv: by(who, vvv('mint', account(other), amount)),

    stakeDiem: by(who, part('diem', 'balanceOf', undefined, (x) => diem('stake', x))),
    stakeDiemAgain: by(who, part('diem', 'balanceOf', undefined, (x) => diem('stake', x / 2n))),
    initiateUnstakeDiem: by(who, part('diem', 'nextAllowanceOf', undefined, (x) => diem('initiateUnstake', x))),
    initiateUnstakeTooMuch: by(who, part('diem', 'stakedInfos', 0, (x) => diem('initiateUnstake', x))),
    unstakeDiem: by(who, diem('unstake')),
    chooseGateway: by(who, diem('chooseGateway', rarely ? ZERO : account(gateway))),
    chooseGatewayAgain: by(who, diem('chooseGateway', account(GATEWAYS[0]))),
    settle: by(gateway, settle),
    settleBatch: by(gateway, settleBatch),
    settleLeases: by(gateway, settleLeases),
    settleNothing: by(gateway, settleNothing),

    lease: by(who, part('diem', 'nextAllowanceOf', undefined, (x) => diem('lease', account(other), x / 3n, epochs))),
    leaseMore: by(who, part('diem', 'stakedInfos', 0, (x) => diem('lease', account(other), x / 5n, 1 + epochs))),
    transferLease: by(who, byLessee('transferLease', rarely ? ZERO : account(other))),
    chooseLeaseGateway: by(who, byLessee('chooseLeaseGateway', rarely ? ZERO : account(gateway))),
    closeLease: by(who, diem('closeLease', anyId)),
    closeEndedLease: by(who, closeEndedLease),

    setGateway: by(OWNER, diem('setGateway', account(gateway), true)),
    revokeByOwner: by(OWNER, diem('setGateway', account(revoked), false)),
    revokeGateway: by(rarely ? who : GUARDIAN, diem('revokeGateway', account(revoked))),
    letBack: by(OWNER, diem('setGateway', account(gateway), true)),
    setDefaultGateway: by(OWNER, diem('setDefaultGateway', flaw === 0 ? ZERO : account(gateway))),
    setTreasury: by(OWNER, diem('setTreasury', account(other))),
    setGuardian: by(rarely ? who : OWNER, diem('setGuardian', account(GUARDIAN))),
    pause: by(rarely ? who : GUARDIAN, diem('pauseMint'), 1),
    unpause: by(OWNER, diem('unpauseMint'), 1),
    unpauseSoon: by(rarely ? who : OWNER, diem('unpauseMint'), 1),
    setRate: by(OWNER, sVvv('setEmissionRate', amount % WAD)),
    offerDiem: by(OWNER, diem('transferOwnership', account(OWNER))),
    acceptDiem: by(OWNER, diem('acceptOwnership')),
    offerStaking: by(OWNER, sVvv('transferOwnership', account(OWNER))),
    acceptStaking: by(OWNER, sVvv('acceptOwnership')),

    refusedMintTooDear: by(who, diem('mint', small, amount * 10n ** 12n)),
    refusedDustMint: by(who, diem('mint', 1n, flaw % 2 ? 1n : 0n)),
    refusedTransfer: by(who, diem('transfer', rarely ? ZERO : contract('diem'), 0n)),
    refusedTransferFrom: by(who, diem('transferFrom', account(other), rarely ? ZERO : contract('diem'), 0n)),
    refusedReceipt: by(who, sVvv(flaw % 2 ? 'transferFrom' : 'transfer', ...(flaw % 2 ? [account(who)] : []), account(other), 0n)),
    refusedVvv: by(who, vvv('transfer', account(other), 2n ** 255n)),
    refusedRate: by(OWNER, sVvv('setEmissionRate', amount + WAD)),
    refusedDiem: by(rarely ? 2 : OWNER, sVvv('setDiem', rarely ? ZERO : contract('vvv'))),
    refusedTreasury: by(OWNER, diem('setTreasury', [ZERO, ...['vvv', 'sVvv', 'diem'].map(contract)][flaw % 4])),
    refusedStranger: by(2, strangers({ sVvv, diem, account, small })[random(10)]),
    refusedZero: by(who, nothings({ sVvv, diem, account })[random(11)]),
    refusedTooMuch: by(who, sVvv(flaw % 2 ? 'stake' : 'fundRewards', ...(flaw % 2 ? [account(who)] : []), 2n ** (flaw % 3 ? 121n : 200n))),
  }
}

/** What only the owner, sVVV or DIEM may do. */
function strangers({ sVvv, diem, account, small }) {
  return [
    diem('setGateway', account(3), true),
    diem('setDefaultGateway', account(3)),
    diem('setTreasury', account(3)),
    diem('renounceOwnership'),
    diem('mintLocked', account(3), small, 0n, 0n),
    diem('burnUnlocked', account(3), small, 0n),
    diem('settleYield', account(3), 0n),
    sVvv('lock', account(3), small),
    sVvv('unlock', account(3), small),
    sVvv('payLockedYield', account(3), small),
  ]
}

/** Nothing, and nobody. */
function nothings({ sVvv, diem, account }) {
  return [
    sVvv('stake', account(3), 0n),
    sVvv('stake', ZERO, 1n),
    sVvv('initiateUnstake', 0n),
    sVvv('mintDiem', 0n, 0n),
    sVvv('burnDiem', 0n),
    sVvv('fundRewards', 0n),
    diem('mintExact', 0n, 0n),
    diem('burn', 0n),
    diem('initiateUnstake', 0n),
    diem('lease', ZERO, 1n, 1),
    diem('chooseGateway', account(0)),
  ]
}

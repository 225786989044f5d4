// Runs every action on one system and resolves to its figures.
import { connect, startChain } from '../lib/chain.mjs'
import { WAD } from '../lib/design.mjs'
import { BLOCK_TIME, steadyClock } from '../lib/steady.mjs'
import { viem, viemAccounts } from '../lib/tools.mjs'
import { ACTIONS, BATCH, SUPPLIES, permitArgs } from './actions.mjs'
import { curveShares } from './curve.mjs'
import { floorOf } from './floor.mjs'

const RICH = 10n ** 33n
const CROWD_ETHER = viem.parseEther('1')
const EPOCH = 86_400

export async function measure(system, { withFloor = false, withCurve = false, say = () => {} } = {}) {
  const node = await startChain(system.chain)
  try {
    const chain = steadyClock(await connect(node.rpcUrl))
    const world = await prepare(chain, system)
    const results = {}
    for (const supply of SUPPLIES) {
      await growTo(chain, world, supply)
      for (const action of ACTIONS.filter((each) => each.supply === supply)) {
        results[action.id] = await isolated(chain, () => runAction(chain, world, action, withFloor))
        say(action.title)
      }
    }
    const curve = withCurve ? await curveShares(chain, world) : undefined
    return { deployment: world.system.cost, actions: results, curve }
  } finally {
    node.stop()
  }
}

/** Deploys the system and gives the cast what it needs. */
async function prepare(chain, { deploy }) {
  const [owner, whale, alice, newbie, keeper] = chain.accounts
  const treasury = chain.accounts[9].address
  const system = await deploy(chain, owner, treasury)
  const crowd = Array.from({ length: BATCH }, (_, i) =>
    viemAccounts.privateKeyToAccount(viem.keccak256(viem.toHex(`crowd ${i}`))),
  )
  for (const { address } of crowd) await chain.send(owner, { to: address, value: CROWD_ETHER })
  for (const account of [whale, alice]) {
    await chain.act(account, system.faucet(account.address, RICH))
    await chain.act(account, system.approveVvv(RICH))
    await chain.act(account, system.stake(account.address, account === whale ? RICH / 10n : 100_000n * WAD))
  }
  return { system, owner, whale, alice, newbie, keeper, crowd, startGas: startGasOf(system) }
}

/** Address -> gas that entering the program costs when it is in the cache; nothing for EVM contracts. */
function startGasOf(system) {
  const programs = ['vvv', 'sVvv', 'diem'].map((name) => [
    system[name].address.toLowerCase(),
    system.cost[name].startGasCached ?? 0n,
  ])
  return Object.fromEntries(programs)
}

/** Mints for the whale until the supply is `supply` DIEM or a little more. */
async function growTo(chain, { system, whale }, supply) {
  const missing = supply * WAD - (await chain.read(system.diem, 'totalSupply'))
  if (missing <= 0n) return
  if (system.mintExact) await chain.act(whale, system.mintExact(missing))
  else await chain.act(whale, system.mint(await costOf(chain, system, missing)))
}

/** The least sVVV whose quote is `diem`, for systems without an inverse. */
async function costOf(chain, { sVvv }, diem) {
  const quote = (amount) => chain.read(sVvv, 'getDiemAmountOut', [amount])
  let [low, high] = [0n, 2n ** 64n * WAD]
  while (high - low > WAD) {
    const middle = (low + high) / 2n
    const enough = await quote(middle).then((out) => out >= diem, () => true)
    if (enough) high = middle
    else low = middle
  }
  return high
}

/** Runs `work` and takes back everything it did. */
async function isolated(chain, work) {
  const snapshot = await chain.rpc('evm_snapshot')
  const time = chain.time
  try {
    return await work()
  } finally {
    await chain.rpc('evm_revert', [snapshot])
    chain.time = time
  }
}

/** Resolves to {gas, floor?} or null when the system has no such action. */
async function runAction(chain, world, action, withFloor) {
  const context = await contextOf(chain, world)
  let receipt
  for (const [account, call, { wait } = {}] of action.steps(context)) {
    if (!call) return null
    receipt = await chain.act(account, call, wait)
    await refresh(chain, context, receipt)
  }
  const per = BigInt(action.per ?? 1)
  const result = { gas: receipt.gasUsed / per }
  if (!withFloor) return result
  const { floor, slots, called } = await floorOf(chain, receipt)
  const starts = Object.entries(called).reduce((sum, [address, times]) => {
    return sum + BigInt(times) * (world.startGas[address] ?? 0n)
  }, 0n)
  return { ...result, floor: floor / per, starts: starts / per, slots }
}

/** The world as a generator of steps sees it, with what it cannot compute itself. */
async function contextOf(chain, world) {
  const { whale, keeper, system } = world
  const args = await permitArgs(chain, system.diem, whale, keeper.address, WAD, 2n ** 40n)
  /** The epoch of a step that is taken after so many seconds. */
  const epochIn = (seconds = BLOCK_TIME) => BigInt(Math.floor((chain.time + seconds) / EPOCH))
  return { ...world, outstanding: 0n, lease: 0n, permit: () => args, epochIn }
}

/** Reads back what later steps refer to: Alice's debt after a mint, the id of a lease. */
async function refresh(chain, context, receipt) {
  const { system, alice } = context
  ;[, context.outstanding] = await chain.read(system.sVvv, 'lockedStakes', [alice.address])
  const opened = viem
    .parseEventLogs({ abi: system.diem.abi, eventName: 'LeaseOpened', logs: receipt.logs, strict: false })
    .at(0)
  if (opened) context.lease = opened.args.id
}

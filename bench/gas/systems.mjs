// The systems under comparison. Each deploys itself on a fresh chain and answers, for every user action, which call
// performs it (or null when it has no such action).
import { BASE_RATE, EMISSION_RATE, MAX_EMISSION_RATE, TARGET_SUPPLY, WAD } from '../lib/design.mjs'
import { artifact } from '../../evm/build.mjs'
import { PROGRAMS, activationGas, cacheProgram, deployProgram } from '../lib/stylus.mjs'

const BUCKETS = 256
const BUCKET_SIZE = 500n * WAD
/** Buckets per transaction while the live table is written: 2 new slots each. */
const CHUNK = 64
/** A reserve that no benchmark exhausts. */
const RESERVE = 10_000_000n * WAD

const call = (contract, functionName, args = []) => ({ contract, functionName, args })

/** What both versions of our own design answer: Stylus and the Solidity twin speak one interface. */
function designCalls({ vvv, sVvv, diem }) {
  return {
    vvv,
    sVvv,
    diem,
    approveVvv: (amount) => call(vvv, 'approve', [sVvv.address, amount]),
    faucet: (to, amount) => call(vvv, 'mint', [to, amount]),
    stake: (to, amount) => call(sVvv, 'stake', [to, amount]),
    claim: () => call(sVvv, 'claim'),
    claimAndStake: () => call(sVvv, 'claimAndStake'),
    unstake: (amount) => call(sVvv, 'initiateUnstake', [amount]),
    finalize: () => call(sVvv, 'finalizeUnstake'),
    quote: (amount) => call(sVvv, 'getDiemAmountOut', [amount]),
    mint: (amount) => call(diem, 'mint', [amount, 1n]),
    mintLive: (amount) => call(sVvv, 'mintDiem', [amount, 1n]),
    mintExact: (amount) => call(diem, 'mintExact', [amount, 10n ** 33n]),
    burn: (amount) => call(diem, 'burn', [amount]),
    burnLive: (amount) => call(sVvv, 'burnDiem', [amount]),
    outstanding: (account) => call(sVvv, 'lockedStakes', [account]),
    claimYield: () => call(diem, 'claimYield'),
    collectFees: () => call(diem, 'collectFees'),
    transfer: (to, amount) => call(diem, 'transfer', [to, amount]),
    approve: (spender, amount) => call(diem, 'approve', [spender, amount]),
    permit: (args) => call(diem, 'permit', args),
    stakeDiem: (amount) => call(diem, 'stake', [amount]),
    unstakeDiem: (amount) => call(diem, 'initiateUnstake', [amount]),
    collectDiem: () => call(diem, 'unstake'),
    setGateway: (gateway) => call(diem, 'setGateway', [gateway, true]),
    setDefaultGateway: (gateway) => call(diem, 'setDefaultGateway', [gateway]),
    chooseGateway: (gateway) => call(diem, 'chooseGateway', [gateway]),
    settle: (epoch, account, used) => call(diem, 'settle', [epoch, account, used]),
    settleBatch: (epoch, accounts, used) => call(diem, 'settleBatch', [epoch, accounts, used]),
    lease: (to, amount) => call(diem, 'lease', [to, amount, 30]),
    transferLease: (id, to) => call(diem, 'transferLease', [id, to]),
    chooseLeaseGateway: (id, gateway) => call(diem, 'chooseLeaseGateway', [id, gateway]),
    settleLeases: (epoch, ids, used) => call(diem, 'settleLeases', [epoch, ids, used]),
    closeLease: (id) => call(diem, 'closeLease', [id]),
  }
}

const costOf = (contracts) =>
  Object.fromEntries(
    Object.entries(contracts).map(([name, { gasUsed, codeBytes }]) => [name, { gasUsed, dataFee: 0n, codeBytes }]),
  )

async function wire(chain, owner, contracts) {
  await chain.act(owner, call(contracts.sVvv, 'setDiem', [contracts.diem.address]))
  await chain.act(owner, call(contracts.vvv, 'mint', [owner.address, RESERVE]))
  await chain.act(owner, call(contracts.vvv, 'approve', [contracts.sVvv.address, RESERVE]))
  await chain.act(owner, call(contracts.sVvv, 'fundRewards', [RESERVE]))
  return designCalls(contracts)
}

async function deployTwin(chain, owner, treasury) {
  const vvv = await chain.deploy(owner, artifact('VVV'))
  const pool = [vvv.address, owner.address, EMISSION_RATE, MAX_EMISSION_RATE]
  const sVvv = await chain.deploy(owner, artifact('StakedVvv'), pool)
  const args = [sVvv.address, owner.address, treasury, BASE_RATE, TARGET_SUPPLY]
  const diem = await chain.deploy(owner, artifact('Diem'), args)
  const cost = costOf({ vvv, sVvv, diem })
  return { cost, ...(await wire(chain, owner, { vvv, sVvv, diem })) }
}

async function deployStylus(chain, owner, treasury, cached) {
  const cost = {}
  async function program(name, args) {
    const { address, abi, transactionHash, ...spent } = await deployProgram(chain, owner, PROGRAMS[name], args)
    if (cached) await cacheProgram(chain, owner, address)
    cost[name] = { ...spent, activationGas: await activationGas(chain, transactionHash) }
    return { address, abi }
  }
  const vvv = await program('vvv')
  const sVvv = await program('sVvv', [vvv.address, owner.address, EMISSION_RATE, MAX_EMISSION_RATE])
  const diem = await program('diem', [sVvv.address, owner.address, treasury, BASE_RATE, TARGET_SUPPLY])
  return { cost, ...(await wire(chain, owner, { vvv, sVvv, diem })) }
}

async function deployLive(chain, owner, treasury) {
  const vvv = await chain.deploy(owner, artifact('VVV'))
  const sVvv = await chain.deploy(owner, artifact('LiveStaking'), [vvv.address, owner.address, treasury, EMISSION_RATE])
  const diem = await chain.deploy(owner, artifact('LiveDiem'), [owner.address])
  const cost = costOf({ vvv, sVvv, diem })
  const role = await chain.read(diem, 'MINTER_BURNER_ROLE')
  await chain.act(owner, call(diem, 'grantRole', [role, sVvv.address]))
  await chain.act(owner, call(sVvv, 'setDiem', [diem.address]))
  const supply = Array.from({ length: BUCKETS }, (_, i) => BUCKET_SIZE * BigInt(i + 1))
  const rates = supply.map(doubleRate)
  for (let from = 0; from < BUCKETS; from += CHUNK) {
    const part = [supply.slice(from, from + CHUNK), rates.slice(from, from + CHUNK)]
    const receipt = await chain.act(owner, call(sVvv, 'setDiemMintCurve', [BigInt(from), ...part]))
    cost.sVvv.gasUsed += receipt.gasUsed
  }
  const ours = designCalls({ vvv, sVvv, diem })
  const absent = ['mintLive', 'burnLive', 'mintExact', 'claimYield', 'collectFees', 'permit']
  absent.push('setGateway', 'setDefaultGateway', 'chooseGateway', 'settle', 'settleBatch')
  absent.push('lease', 'transferLease', 'chooseLeaseGateway', 'settleLeases', 'closeLease')
  return {
    cost,
    ...ours,
    ...Object.fromEntries(absent.map((name) => [name, null])),
    mint: ours.mintLive,
    burn: ours.burnLive,
  }
}

/** The live table's entry: the formula in double arithmetic, as the live system stores it. */
function doubleRate(supply) {
  const x = Number(supply / WAD) / Number(TARGET_SUPPLY / WAD)
  return BigInt(Math.trunc(Number(BASE_RATE) * Math.exp(2 * x ** 3)))
}

/** Column name -> where it runs and how it is deployed. */
export const SYSTEMS = {
  stylusCached: { chain: 'devnode', deploy: (chain, owner, treasury) => deployStylus(chain, owner, treasury, true) },
  stylusUncached: { chain: 'devnode', deploy: (chain, owner, treasury) => deployStylus(chain, owner, treasury, false) },
  solidityDesign: { chain: 'devnode', deploy: deployTwin },
  solidityLive: { chain: 'devnode', deploy: deployLive },
  solidityLiveAnvil: { chain: 'anvil', deploy: deployLive },
}

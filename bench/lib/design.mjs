// Deploys the protocol for tests: its Solidity twin on any EVM chain, the Stylus contracts on a Stylus chain.
import { artifact, build } from '../../evm/build.mjs'
import { PROGRAMS, deployProgram } from './stylus.mjs'
import { viem } from './tools.mjs'

export const WAD = 10n ** 18n
/** 2,500,000 VVV a year, the live rate of September 2026. */
export const EMISSION_RATE = 79_274_479_959_411_466n
/** Ten times the live rate: what the owner may ever set here. */
export const MAX_EMISSION_RATE = 10n * EMISSION_RATE
export const BASE_RATE = 90n * WAD
export const TARGET_SUPPLY = 40_000n * WAD
const FUNDED = 10_000_000n * WAD

/**
 * Deploys the Solidity twin of VVV, sVVV and DIEM, wires them and funds the rewards.
 * Resolves to the deployment record (as in deployments/<chain id>.json) and the three contracts.
 */
export async function deployDesign(chain, options) {
  build()
  const contracts = { vvv: 'VVV', sVvv: 'StakedVvv', diem: 'Diem' }
  return deployWith((account, name, args) => chain.deploy(account, artifact(contracts[name]), args), chain, options)
}

/** Likewise with the Stylus contracts of target/wasm. */
export async function deployStylus(chain, options) {
  return deployWith((account, name, args) => deployProgram(chain, account, PROGRAMS[name], args), chain, options)
}

async function deployWith(deploy, chain, { owner = chain.accounts[0], treasury = chain.accounts[9].address } = {}) {
  const vvv = await deploy(owner, 'vvv', [])
  const sVvv = await deploy(owner, 'sVvv', [vvv.address, owner.address, EMISSION_RATE, MAX_EMISSION_RATE])
  const diem = await deploy(owner, 'diem', [sVvv.address, owner.address, treasury, BASE_RATE, TARGET_SUPPLY])
  await chain.write(owner, sVvv, 'setDiem', [diem.address])
  await fund(chain, { vvv, sVvv }, owner)
  const record = {
    chainId: chain.chainId,
    rpcUrl: chain.rpcUrl,
    vvv: viem.getAddress(vvv.address),
    sVvv: viem.getAddress(sVvv.address),
    diem: viem.getAddress(diem.address),
    owner: owner.address,
    treasury,
  }
  return { record, vvv, sVvv, diem }
}

/** Puts VVV from the open faucet into the reward reserve. */
export async function fund(chain, { vvv, sVvv }, account) {
  await chain.write(account, vvv, 'mint', [account.address, FUNDED])
  await chain.write(account, vvv, 'approve', [sVvv.address, FUNDED])
  // With a fixed limit: between an estimate and its block the price of the parent chain's data may move.
  await chain.act(account, { contract: sVvv, functionName: 'fundRewards', args: [FUNDED] })
}

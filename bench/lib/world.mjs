// Where a scenario runs: against the contracts of a deployment record when DIEM_DEPLOYMENT names one, otherwise
// against the Solidity twin on an anvil of its own.
import { readFileSync } from 'node:fs'
import { publishedAbi } from './abi.mjs'
import { connect, startChain } from './chain.mjs'
import { artifact, build } from '../../evm/build.mjs'
import { deployDesign, fund } from './design.mjs'


const errorsOf = ({ abi }) => abi.filter((item) => item.type === 'error')

/** Resolves to {chain, vvv, sVvv, diem, record, deploy, stop}, the contracts with the published interfaces. */
export async function openWorld() {
  build()
  const file = process.env.DIEM_DEPLOYMENT
  const node = file ? undefined : await startChain('anvil')
  const chain = await connect(file ? JSON.parse(readFileSync(file, 'utf8')).rpcUrl : node.rpcUrl)
  const record = file ? JSON.parse(readFileSync(file, 'utf8')) : (await deployDesign(chain)).record
  const world = {
    chain,
    record,
    vvv: { address: record.vvv, abi: publishedAbi('IVVV') },
    sVvv: { address: record.sVvv, abi: publishedAbi('IStakedVvv') },
    diem: { address: record.diem, abi: publishedAbi('IDiem') },
    stop: () => node?.stop(),
    /** Deploys an integrator; its ABI also names the protocol's errors, which bubble up through it. */
    async deploy(account, name, args = []) {
      const { address, abi } = await chain.deploy(account, artifact(name), args)
      return { address, abi: [...abi, ...errorsOf(world.vvv), ...errorsOf(world.sVvv), ...errorsOf(world.diem)] }
    },
  }
  if (file) await fund(chain, world, chain.accounts[1])
  return world
}

// Runs every integration example, one after the other, against one chain.
//
//   node examples/run.mjs                     the Solidity twin of the protocol, on an anvil of its own
//   node examples/run.mjs --stylus            the Stylus contracts, on a node of its own
//   node examples/run.mjs --deployment FILE   the contracts and the chain of a deployment record
//   ... --chain-id N                          the chain id of the node that is started
//
// Exit code 1 when one example fails. Run scripts/test-integrations to have everything built and installed first.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { connect, startChain } from '../bench/lib/chain.mjs'
import { deployDesign, deployStylus } from '../bench/lib/design.mjs'
import { ROOT } from '../bench/lib/tools.mjs'
import { build } from '../evm/build.mjs'

const EXAMPLES = join(ROOT, 'examples')
const TIMEOUT_MS = 300_000

const { values } = parseArgs({
  options: {
    deployment: { type: 'string' },
    stylus: { type: 'boolean', default: false },
    'chain-id': { type: 'string', default: '412346' },
  },
})
build()
const deployment = values.deployment ? resolve(values.deployment) : await fresh(values)

const runs = [
  ['Solidity integrators', 'node', ['--test', '--test-concurrency=1', 'solidity/test/']],
  ['viem', 'node', ['viem/round-trip.mjs', '--deployment', deployment]],
  ['ethers', 'node', ['ethers/round-trip.mjs', '--deployment', deployment]],
  ['web3.py', join(EXAMPLES, 'web3py', '.venv', 'bin', 'python'), ['web3py/round_trip.py', '--deployment', deployment]],
]
const failed = runs.filter(([name, command, args]) => {
  console.log(`\n== ${name}`)
  const env = { ...process.env, DIEM_DEPLOYMENT: deployment }
  const { status, error } = spawnSync(command, args, { cwd: EXAMPLES, env, stdio: 'inherit', timeout: TIMEOUT_MS })
  if (error) console.error(error.message)
  // The test runner counts its own; each client script is one more.
  if (!args.includes('--test')) console.log(status === 0 ? '# pass 1' : '# fail 1')
  return status !== 0
})
console.log(failed.length === 0 ? '\nall examples passed' : `\nfailed: ${failed.map(([name]) => name).join(', ')}`)
process.exit(failed.length === 0 ? 0 : 1)

/** Starts a node, deploys to it and writes the record; resolves to the record's file. */
async function fresh({ stylus, 'chain-id': chainId }) {
  const { rpcUrl } = await startChain(stylus ? 'devnode' : 'anvil', { chainId: Number(chainId) })
  const chain = await connect(rpcUrl)
  const { record } = await (stylus ? deployStylus(chain) : deployDesign(chain))
  const file = join(ROOT, 'target', `examples-${stylus ? 'stylus' : 'twin'}-${chainId}.json`)
  mkdirSync(join(ROOT, 'target'), { recursive: true })
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`)
  return file
}

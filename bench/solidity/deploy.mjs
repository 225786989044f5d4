// Deploys the Solidity twin to a running chain and prints its deployment record.
//
//   node bench/solidity/deploy.mjs http://127.0.0.1:8545 > target/anvil.json
import { connect } from '../lib/chain.mjs'
import { deployDesign } from '../lib/design.mjs'

const [rpcUrl] = process.argv.slice(2)
if (!rpcUrl) {
  console.error('usage: node bench/solidity/deploy.mjs RPC_URL')
  process.exit(2)
}
const { record } = await deployDesign(await connect(rpcUrl))
console.log(JSON.stringify(record, null, 2))

// A Hardhat project as people have them, against the node at $NODE_URL.
const { join } = require('node:path')
const { createRequire } = require('node:module')
const { subtask } = require('hardhat/config')
const { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } = require('hardhat/builtin-tasks/task-names')
require('@nomicfoundation/hardhat-ethers')
require('@nomicfoundation/hardhat-ignition-ethers')

const ROOT = join(__dirname, '../../../..')

// Hardhat would download a compiler; the one of tools/ is here already.
const tools = createRequire(join(ROOT, 'tools/package.json'))
subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async ({ solcVersion }) => {
  const { version } = tools('solc/package.json')
  if (version !== solcVersion) throw new Error(`the compiler of tools/ is ${version}, not ${solcVersion}`)
  return { compilerPath: tools.resolve('solc/soljson.js'), isSolcJs: true, version, longVersion: tools('solc').version() }
})

module.exports = {
  solidity: { version: '0.8.37', settings: { evmVersion: 'cancun', optimizer: { enabled: true } } },
  defaultNetwork: 'node',
  networks: { node: { url: process.env.NODE_URL ?? 'http://127.0.0.1:8547' } },
  paths: { artifacts: join(ROOT, 'target/hardhat/artifacts'), cache: join(ROOT, 'target/hardhat/cache') },
  ignition: { blockPollingInterval: 50, requiredConfirmations: 1 },
  mocha: { reporter: join(__dirname, 'reporter.js') },
}

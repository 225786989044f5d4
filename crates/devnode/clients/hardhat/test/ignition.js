const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const { existsSync, readFileSync, rmSync } = require('node:fs')
const { join } = require('node:path')
const { promisify } = require('node:util')
const { config, ethers, ignition } = require('hardhat')
const LedgerModule = require('../ignition/modules/Ledger')

const DEPLOYMENTS = join(__dirname, '../ignition/deployments')
const REWARDED = '0x00000000000000000000000000000000000000f4'

/** Runs `hardhat ignition ...` as a user does; what it printed. */
async function command(...args) {
  const hardhat = require.resolve('hardhat/internal/cli/bootstrap')
  const env = { ...process.env, HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: 'true' }
  const { stdout } = await promisify(execFile)('node', [hardhat, 'ignition', ...args], { env, cwd: config.paths.root })
  return stdout
}

describe('hardhat-ignition', () => {
  const forget = () => rmSync(DEPLOYMENTS, { recursive: true, force: true })
  beforeEach(forget)
  after(forget)

  it('deploys a module from a test', async () => {
    const { sums, ledger, auditor } = await ignition.deploy(LedgerModule)
    const [, writer] = await ethers.getSigners()
    assert.equal(await ledger.writer(), writer.address)
    assert.equal(await ledger.total(), 42n)
    assert.equal(await auditor.found(), 42n)
    assert.equal(await ethers.provider.getBalance(auditor), 42n)
    assert.notEqual(await ethers.provider.getCode(sums), '0x')
    assert.equal(await ethers.provider.getBalance(REWARDED), 42n)
    await (await ledger.connect(writer).enter(ethers.ZeroHash, [8n])).wait()
    assert.equal(await auditor.found(), 50n)
  })

  it('deploys from the command line, and leaves a finished deployment alone', async () => {
    const { chainId } = await ethers.provider.getNetwork()
    const deploy = () => command('deploy', 'ignition/modules/Ledger.js')
    assert.match(await deploy(), /successfully deployed/)
    const record = join(DEPLOYMENTS, `chain-${chainId}`, 'deployed_addresses.json')
    assert.ok(existsSync(record))
    const addresses = JSON.parse(readFileSync(record, 'utf8'))
    const auditor = await ethers.getContractAt('Auditor', addresses['LedgerModule#Auditor'])
    assert.equal(await auditor.found(), 42n)
    const number = await ethers.provider.getBlockNumber()
    assert.match(await deploy(), /[Nn]othing new to deploy/)
    assert.equal(await ethers.provider.getBlockNumber(), number)
    assert.match(await command('status', `chain-${chainId}`), /LedgerModule#Auditor/)
  })
})

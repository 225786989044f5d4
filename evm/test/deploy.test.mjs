// `diem deploy` asks the chain what fits: on an EVM chain, here anvil under Base's id, the twin, on which the tour then
// holds every number against the model.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startChain } from '../../bench/lib/chain.mjs'
import { ROOT } from '../../bench/lib/tools.mjs'
import { build } from '../build.mjs'

const BASE = 8453
const DIEM = join(ROOT, 'crates', 'target', 'release', 'diem')
/** The first account that every anvil serves. */
const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const PATIENCE_MS = 120_000

let node
let directory

before(async () => {
  build()
  node = await startChain('anvil', { chainId: BASE })
  directory = mkdtempSync(join(tmpdir(), 'diem-evm-'))
  const networks = [{ chainId: BASE, name: 'anvil under the id of Base', devnet: true, vvv: null }]
  writeFileSync(join(directory, 'networks.json'), JSON.stringify(networks))
})
after(() => {
  node.stop()
  rmSync(directory, { recursive: true })
})

function diem(...args) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('DIEM_'))
  const env = { ...Object.fromEntries(own), DIEM_PRIVATE_KEY: KEY, DIEM_RPC_URL: node.rpcUrl, DIEM_NETWORKS: 'networks.json' }
  const options = { cwd: directory, env, encoding: 'utf8', timeout: PATIENCE_MS }
  const { status, stdout, stderr, error } = spawnSync(DIEM, args, options)
  if (error) throw error
  return { status, stdout, stderr }
}

const deploy = (...args) => diem('deploy', '--evm-dir', join(ROOT, 'target', 'evm'), ...args)

test('Stylus programs are refused where there is no Stylus, before anything is sent', () => {
  const { status, stderr } = deploy('--target', 'stylus')
  assert.equal(status, 1, stderr)
  assert.match(stderr, /this chain runs no Stylus/)
})

test('an EVM chain gets the twin, and is told so', () => {
  const { status, stderr } = deploy()
  assert.equal(status, 0, stderr)
  assert.match(stderr, /target {4}EVM code: this chain runs no Stylus/)
  const record = JSON.parse(readFileSync(join(directory, 'deployments', `${BASE}.json`), 'utf8'))
  assert.equal(record.target, 'evm')
  assert.equal(record.unfinished, undefined)
})

test('the tour holds on the twin', () => {
  const { status, stdout, stderr } = diem('tour')
  assert.equal(status, 0, stderr)
  assert.match(stdout, /^\d{3} checks against the model, all exact/m)
})

test('EVM code has no programs to keep alive', () => {
  for (const command of ['activate', 'keepalive', 'cache-bid']) {
    const { status, stderr } = diem(command, '--yes')
    assert.equal(status, 1, stderr)
    assert.match(stderr, /nothing to keep/)
  }
  const { status, stdout, stderr } = diem('status', '--json')
  assert.equal(status, 0, stderr)
  assert.deepEqual(JSON.parse(stdout).programs, [])
})

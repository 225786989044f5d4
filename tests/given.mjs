// Runs the end-to-end suite against a node that is given, one test after the other, each with a stack of its own.
//
//   node tests/given.mjs URL [FILTER...]
//
// The chain is asked for its target: where ArbWasm answers, the contracts are Stylus programs, elsewhere the twin. A test
// that needs what the node does not do (time that can be set, snapshots, impersonation) is skipped with a line that says
// so, and counted. DIEM_TEST_KEY names the account that pays; without it the well-known dev accounts are tried. Exit code
// 1 when a test fails, or none passes. scripts/test --rpc has everything built first.
import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** What a test says that cannot run; see tests/src/chain/given.rs. */
const SKIPPED = /^skipped: needs (.+)$/m
const ARB_WASM = '0x0000000000000000000000000000000000000071'
/** stylusVersion() */
const STYLUS_VERSION = '0xa996e0c2'
const SECONDS_PER_DAY = 86_400

/** Asks the node; a JSON-RPC error is an answer. */
export async function ask(url, method, params = []) {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  return response.json()
}

/** `stylus` or `evm`: what the chain can run. */
export async function targetOf(url) {
  const { result } = await ask(url, 'eth_call', [{ to: ARB_WASM, data: STYLUS_VERSION }, 'latest'])
  return result !== undefined && BigInt(result === '0x' ? 0 : result) > 0n ? 'stylus' : 'evm'
}

/** The suite of a target, built. */
export function built(target) {
  const suite = target === 'stylus' ? 'e2e' : 'evm'
  const args = ['test', '--release', '--locked', '--manifest-path', 'crates/Cargo.toml', '--workspace', '--test', suite, '--no-run']
  const { status, stdout } = spawnSync('cargo', [...args, '--message-format', 'json'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 30,
  })
  if (status !== 0) throw new Error('the suite does not build')
  const messages = stdout.trimEnd().split('\n').map((line) => JSON.parse(line))
  return messages.find((message) => message.executable && message.target?.name === suite).executable
}

const run = (program, args, env = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, output }))
  })

async function today(url) {
  const { result } = await ask(url, 'eth_getBlockByNumber', ['latest', false])
  return Math.floor(Number(result.timestamp) / SECONDS_PER_DAY)
}

/** One test: `passed`, `failed` with its output, or `skipped` with what it needs. */
async function outcomeOf(program, name, url) {
  const { status, output } = await run(program, ['--exact', name, '--nocapture'], { E2E_RPC: url })
  if (status === 0) return { kind: 'passed' }
  const need = SKIPPED.exec(output)?.[1]
  return need ? { kind: 'skipped', need } : { kind: 'failed', output }
}

/** Runs all tests whose names contain one of `filters`, or all; tells each by `tell`, and gives back the counts. */
export async function runAgainst(url, { program, filters = [], tell = () => {} }) {
  const { output } = await run(program, ['--list', '--format', 'terse'])
  const names = [...output.matchAll(/^(.+): test$/gm)].map(([, name]) => name)
  const chosen = names.filter((name) => filters.length === 0 || filters.some((filter) => name.includes(filter)))
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const needs = {}
  for (const name of chosen) {
    const day = await today(url)
    let outcome = await outcomeOf(program, name, url)
    // What is said of a day fails where the day ends meanwhile.
    if (outcome.kind === 'failed' && (await today(url)) === day + 1) outcome = await outcomeOf(program, name, url)
    counts[outcome.kind] += 1
    if (outcome.need) needs[outcome.need] = (needs[outcome.need] ?? 0) + 1
    tell(name, outcome)
  }
  return { ...counts, needs }
}

async function main([url, ...filters]) {
  if (!url) {
    console.error('usage: node tests/given.mjs URL [FILTER...]')
    process.exit(2)
  }
  const [{ result: id }, { result: version }] = [await ask(url, 'eth_chainId'), await ask(url, 'web3_clientVersion')]
  const target = await targetOf(url)
  const form = target === 'stylus' ? 'Stylus programs' : 'the twin in Solidity'
  console.log(`${version}, chain ${Number(id)}: ${form}`)
  const tell = (name, { kind, need, output }) => {
    console.log(`${kind} ${name}${need ? `: needs ${need}` : ''}`)
    if (output) console.log(output)
  }
  const { passed, failed, skipped, needs } = await runAgainst(url, { program: built(target), filters, tell })
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
  for (const [need, count] of Object.entries(needs)) console.log(`${count} skipped: the node has no ${need}`)
  process.exit(failed === 0 && passed > 0 ? 0 : 1)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2))

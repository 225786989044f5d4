// README.md holds: its commands run as written, its tour is what the tour prints, its places exist. Starts scripts/run as
// a user does, drives what it serves with cast, viem and alloy (the diem command), and ends it with Ctrl-C.
//
//   node --test --test-reporter=tap tests/readme.mjs
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { blocks as fenced, run as execute } from './page.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const README = readFileSync(join(ROOT, 'README.md'), 'utf8')
/** The port that README.md's commands name. */
const WRITTEN_PORT = '8547'
/** No chain's that anybody records a deployment of. */
const CHAIN_ID = '1592653589'
/** Both the run and a command may have to compile everything first. */
const PATIENCE_MS = 20 * 60_000
/** The gateway settles before it ends, for half a minute at most. */
const STOP_MS = 40_000
const SERVING = 'serving until Ctrl-C'

/** Fenced blocks of one language, each as its lines. */
const blocks = (wanted) => fenced(README).flatMap(({ language, lines }) => (language === wanted ? [lines] : []))

/** A port that nobody listens on. */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(String(port)))
    })
  })
}

const listens = (port) =>
  new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false)).on('close', () => socket.destroy())
    socket.on('connect', () => socket.end())
  })

/** Runs one command line to its end and gives back what it wrote. */
function shell(line, env = {}) {
  const PATH = [join(ROOT, 'tools/node_modules/.bin'), process.env.PATH].join(delimiter)
  const options = { cwd: ROOT, env: { ...process.env, PATH, ...env }, timeout: PATIENCE_MS }
  const { status, stdout, stderr } = execute(line, options)
  assert.equal(status, 0, `${line}\n${stdout}\n${stderr}`)
  // The wrapper around cast ends with 0 whatever cast says.
  assert.doesNotMatch(stderr, /^Error/m, line)
  return stdout.trim()
}

/** What scripts/run printed, as it comes. */
let printed = ''
let run, port, ended
/** A value that scripts/run printed under a name. */
const shown = (name) => printed.match(new RegExp(`^${name} +(\\S+)$`, 'm'))?.[1]
/** The key of the n-th account of the banner. */
const key = (n) => printed.split('Private keys')[1].match(new RegExp(`^\\(${n}\\) (0x[0-9a-f]{64})`, 'm'))[1]
const account = (n) => printed.match(new RegExp(`^\\(${n}\\) (0x[0-9a-fA-F]{40}) `, 'm'))?.[1]

before(async () => {
  port = await freePort()
  // A process group of its own, as a terminal gives it one: Ctrl-C reaches all of the group.
  run = spawn('./scripts/run', ['--port', port, '--chain-id', CHAIN_ID], { cwd: ROOT, detached: true })
  ended = new Promise((resolve) => run.on('exit', (code, signal) => resolve({ code, signal })))
  let early
  ended.then((how) => (early = how))
  for (const stream of [run.stdout, run.stderr]) stream.on('data', (data) => (printed += data))
  const deadline = Date.now() + PATIENCE_MS
  while (!printed.includes(SERVING)) {
    assert.ok(!early && Date.now() < deadline, `scripts/run did not come to serve:\n${printed.slice(-2_000)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
})

after(() => {
  if (run?.exitCode === null && run.signalCode === null) process.kill(-run.pid, 'SIGKILL')
  rmSync(join(ROOT, `deployments/${CHAIN_ID}.json`), { force: true })
})

test('the page is served, for the chain and the gateway that run', async () => {
  const page = shown('page')
  assert.match(await (await fetch(page)).text(), /Content-Security-Policy/)
  const { deployments, gateways } = await (await fetch(`${page}/config.json`)).json()
  // The record writes addresses without a checksum, the terminal with one.
  assert.equal(deployments[0].diem, shown('diem').toLowerCase())
  assert.deepEqual(Object.values(gateways), [`http://127.0.0.1:${Number(port) + 1}`])
})

/** What becomes of each line of README.md's shell blocks. */
const WAYS = [
  { form: /^\.\/scripts\/run$/, runs: () => assert.match(printed, /^RPC +http/m) },
  // The gate runs it; from here it would run itself.
  { form: /^\.\/scripts\/test$/, runs: () => assert.match(readFileSync(join(ROOT, '.ci/run'), 'utf8'), /^step scripts\/test$/m) },
  { form: /stylus-devnode --help$/, runs: (line) => assert.match(shell(line), /^Usage: stylus-devnode/m) },
  { form: /^cast call /, runs: (line) => assert.match(served(line), /^\d+( \[.*\])?$/) },
  { form: /^curl /, runs: (line) => assert.match(spends(line), /"diem"/) },
  { form: /diem usage$/, runs: (line) => assert.match(spends(line), /^left today +\$0\.\d+$/m) },
  { form: /^cast send /, runs: (line) => assert.match(served(line), /^status +1 /m) },
]

/** A command against the node, with the variables that the text around it asks for. */
function served(line) {
  assert.ok(line.includes(`:${WRITTEN_PORT}`), `${line} names the usual port`)
  const env = { DIEM: shown('diem'), VVV: shown('vvv'), ME: account(0), KEY: key(0) }
  return shell(line.replaceAll(`:${WRITTEN_PORT}`, `:${port}`), env)
}

/** A command against the gateway, with the key that the tour made. */
function spends(line) {
  const gateway = `http://127.0.0.1:${Number(port) + 1}`
  const env = { DIEM_API_KEY: shown('API key'), DIEM_GATEWAY_URL: gateway }
  return shell(line.replaceAll('http://127.0.0.1:8548', gateway), env)
}

for (const line of blocks('sh').flat()) {
  test(`README: ${line}`, () => {
    const way = WAYS.find(({ form }) => form.test(line))
    assert.ok(way, 'a command that no test runs')
    way.runs(line)
  })
}

test('README: every line of the tour is one that the tour prints', () => {
  const squeeze = (line) => line.replace(/\s+/g, ' ').trim()
  const told = printed.split('\n').map((line) => squeeze(line.replace(/ +\[.*checks ok\]$/, '')))
  const [tour] = blocks('text')
  for (const line of tour) {
    const parts = squeeze(line).split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    const pattern = new RegExp(`^${parts.join('.+')}$`)
    assert.ok(told.some((other) => pattern.test(other)), `the tour does not print: ${line}`)
  }
})

test('README: its places exist', () => {
  const links = [...README.matchAll(/\]\((?!http)([^)#]+)\)/g)].map(([, path]) => path)
  const rooms = [...README.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell]) => cell.match(/[^`, ]+/g))
  const scripts = [...README.matchAll(/`\.\/(scripts\/[\w-]+)/g)].map(([, path]) => path)
  assert.ok(links.length > 5 && rooms.length > 10 && scripts.length > 1)
  for (const path of [...links, ...rooms, ...scripts]) assert.ok(existsSync(join(ROOT, path)), `${path} is not there`)
})

test('viem works against what scripts/run serves', () => {
  const addresses = ['vvv', 'sVvv', 'diem'].map(shown).join(' ')
  // An account that the tour leaves alone.
  const said = shell(`node tests/clients/viem.mjs http://127.0.0.1:${port} ${addresses} ${key(10)}`)
  assert.match(said, /all checks hold$/)
})

test('alloy, which the diem command speaks, works against what scripts/run serves', () => {
  const env = { DIEM_RPC_URL: `http://127.0.0.1:${port}`, DIEM_NETWORKS: 'target/run/networks.json' }
  const status = () => JSON.parse(shell('crates/target/release/diem status --json', env))
  const before = status()
  shell('crates/target/release/diem stake 2VVV --yes', env)
  const gained = BigInt(status().sVvvFree) - BigInt(before.sVvvFree)
  assert.equal(gained, 2n * 10n ** 18n)
})

test('Ctrl-C ends scripts/run with 0 and leaves nothing behind, and nothing unsettled', async () => {
  spends(blocks('sh').flat().find((line) => line.startsWith('curl ')))
  process.kill(-run.pid, 'SIGINT')
  const late = new Promise((resolve) => setTimeout(resolve, STOP_MS, 'still running').unref())
  assert.deepEqual(await Promise.race([ended, late]), { code: 0, signal: null })
  assert.match(printed, /stopped\n$/)
  assert.equal(await listens(port), false)
  const told = readFileSync(join(ROOT, 'target/run/gateway.log'), 'utf8')
  assert.doesNotMatch(told, /ERROR/)
  assert.match(told, /a statement stands[^]*stopped\n$/)
})

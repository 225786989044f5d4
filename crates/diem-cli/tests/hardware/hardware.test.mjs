// `diem` built with `--features hardware`, against a Trezor's protocol and without any device.
// DIEM names the binary; scripts/check-hardware builds it and runs this.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Trezor } from './trezor.mjs'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const WORDS = 'test test test test test test test test test test test junk'
const FIRST = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const SECOND = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const FRIEND = '0x00000000000000000000000000000000000000aa'

const directory = mkdtempSync(join(tmpdir(), 'diem-hardware-'))
const trezor = new Trezor(WORDS)
let node, url

/** What the node answers. */
async function rpc(method, ...params) {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const { result, error } = await response.json()
  if (error) throw new Error(`${method}: ${error.message}`)
  return result
}

/** Runs `diem`: code, answer, story. */
function diem(...words) {
  const env = { PATH: process.env.PATH, HOME: directory, DIEM_RPC_URL: url }
  return new Promise((done) => {
    execFile(process.env.DIEM, [...words, '--yes'], { cwd: directory, env }, (error, answer, story) =>
      done({ code: error ? error.code : 0, answer, story }),
    )
  })
}

before(async () => {
  await trezor.start()
  node = spawn(join(ROOT, 'crates/target/release/stylus-devnode'), ['--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  for await (const part of node.stdout) {
    said += part
    url = said.match(/http:\/\/[\d.:]+/)?.[0]
    if (url) break
  }
  assert.ok(url, said)
  for (const account of [FIRST, SECOND]) await rpc('anvil_setBalance', account, '0x56bc75e2d63100000')
})

after(() => {
  node?.kill()
  trezor.stop()
  rmSync(directory, { recursive: true })
})

test('the account of a Trezor is that of its index or path', async () => {
  for (const [which, account] of [
    [['--index', '0'], FIRST],
    [['--index', '1'], SECOND],
    [['--derivation-path', "m/44'/60'/0'/0/1"], SECOND],
  ]) {
    const told = await diem('wallet', 'address', '--trezor', ...which)
    assert.equal(told.answer.trim(), account, told.story)
  }
})

test('a Trezor signs a deployment, whose code it takes in parts, and what comes after', async () => {
  const wasm = join(ROOT, 'target/wasm')
  const deployed = await diem('deploy', '--trezor', '--wasm-dir', wasm)
  assert.equal(deployed.code, 0, deployed.story)
  const longest = Math.max(...trezor.signed.map(({ data }) => data.length))
  assert.ok(longest > 2 * 4096, 'no transaction came in parts')
  const sent = await diem('transfer', '0.5ETH', FRIEND, '--trezor', '--json')
  assert.equal(sent.code, 0, sent.story)
  assert.match(sent.story, /look at the Trezor/)
  const transaction = await rpc('eth_getTransactionByHash', JSON.parse(sent.answer).transaction)
  assert.equal(transaction.from, FIRST.toLowerCase())
  assert.equal(trezor.signed.at(-1).value, 5n * 10n ** 17n)
  const paused = await diem('set-emission', '0.125VVV', '--trezor')
  assert.match(paused.answer, /0.125 VVV are emitted per second/, paused.story)
})

test('who says no on a Trezor sends nothing', async () => {
  trezor.willing = false
  const nonce = await rpc('eth_getTransactionCount', FIRST, 'latest')
  const told = await diem('transfer', '0.5ETH', FRIEND, '--trezor')
  trezor.willing = true
  assert.notEqual(told.code, 0)
  assert.match(told.story, /error: send ETH/)
  assert.equal(await rpc('eth_getTransactionCount', FIRST, 'latest'), nonce)
})

test('what has to sign by itself takes no device', async () => {
  const told = await diem('tour', '--trezor')
  assert.equal(told.code, 2)
  assert.match(told.story, /a Trezor cannot sign for the tour/)
})

test('a Ledger that is not there is told, with what to do', async () => {
  const told = await diem('wallet', 'address', '--ledger')
  assert.equal(told.code, 2)
  assert.match(told.story, /error: cannot reach the Ledger[^]*because: [^]*try: plug it in/)
})

// A gateway with made-up answers beside a test's node, registered and the default of nobody.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../bench/lib/chain.mjs'
import { ROOT, viemAccounts } from '../../../bench/lib/tools.mjs'

const PROGRAM = join(ROOT, 'crates', 'target', 'release', 'diem-gateway')
const START_TIMEOUT_MS = 60_000
const POLL_MS = 50

/** Resolves to {url, account, stop}. */
export async function startGateway(world) {
  const folder = mkdtempSync(join(tmpdir(), 'diem-page-'))
  const key = viemAccounts.generatePrivateKey()
  const account = viemAccounts.privateKeyToAccount(key)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  await world.chain.rpc('anvil_setBalance', [account.address, '0x8ac7230489e80000'])
  await world.write(world.owner, world.diem, 'setGateway', account.address, true)
  writeFileSync(join(folder, 'record.json'), JSON.stringify(world.record))
  const args = ['serve', '--config', join(ROOT, 'examples', 'gateway', 'devnet.toml'), '--listen', `127.0.0.1:${port}`]
  args.push('--rpc', world.node.rpcUrl, '--deployment', join(folder, 'record.json'))
  args.push('--ledger', `sqlite:${join(folder, 'gateway.db')}`)
  const env = { PATH: process.env.PATH, DIEM_GATEWAY_KEY: key }
  const child = spawn(PROGRAM, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  let ended = false
  child.stderr.on('data', (text) => (said += text))
  child.on('exit', () => (ended = true))
  const stop = () => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  process.on('exit', stop)
  const deadline = Date.now() + START_TIMEOUT_MS
  while (
    !(await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (ended || Date.now() > deadline) throw new Error(`the gateway does not answer: ${said}`)
    await new Promise((done) => setTimeout(done, POLL_MS))
  }
  return { url, account, stop }
}

// Writes the page's config.json from deployment records.
//
//   node app/scripts/config.mjs [--out FILE] [--gateway ADDRESS=URL]... [RECORD...]
//
// By default every record in deployments/ goes into app/public/config.json. A gateway's URL is for all chains: who
// serves an account's credit is known by address on chain, where to reach it is not.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const NAMES = { 42161: 'Arbitrum One', 421614: 'Arbitrum Sepolia' }

/** The page's settings of one deployment record. Fails on a record whose deployment stopped half-way. */
export function deploymentOf(record) {
  const { chainId, rpcUrl, vvv, sVvv, diem, contracts } = record
  for (const [name, address] of Object.entries({ vvv, sVvv, diem })) {
    if (!/^0x[0-9a-fA-F]{40}$/.test(address ?? '')) throw new Error(`the record of chain ${chainId} has no ${name}`)
  }
  // A VVV that was there before has none.
  const blocks = Object.values(contracts ?? {}).flatMap((made) => made?.block ?? [])
  const local = /^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(`${rpcUrl}/`)
  return {
    chainId,
    name: NAMES[chainId] ?? (local ? 'Dev node' : `Chain ${chainId}`),
    rpcUrl,
    vvv,
    sVvv,
    diem,
    // On a dev node VVV is a stand-in with a faucet.
    devnet: local,
    fromBlock: blocks.length > 0 ? Math.min(...blocks) : 0,
  }
}

export const configOf = (records, gateways = {}) => ({ deployments: records.map(deploymentOf), gateways })

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string', default: join(ROOT, 'app', 'public', 'config.json') },
      gateway: { type: 'string', multiple: true, default: [] },
    },
  })
  const folder = join(ROOT, 'deployments')
  const files =
    positionals.length > 0
      ? positionals
      : readdirSync(folder)
          .filter((name) => name.endsWith('.json'))
          .map((name) => join(folder, name))
  const records = files.map((file) => JSON.parse(readFileSync(resolve(file), 'utf8')))
  const gateways = Object.fromEntries(values.gateway.map((pair) => pair.split(/=(.*)/s).slice(0, 2)))
  mkdirSync(dirname(values.out), { recursive: true })
  writeFileSync(values.out, `${JSON.stringify(configOf(records, gateways), null, 2)}\n`)
}

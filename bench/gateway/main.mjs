// One run, one page: our gateway beside LiteLLM's proxy. See scripts/bench-gateway for how to call it.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from '../lib/tools.mjs'
import { measure } from './measure.mjs'
import { markdown } from './report.mjs'

const PAGE = join(ROOT, 'docs', 'bench-gateway.md')
const FULL = { seconds: 4, rounds: 3, requests: 100_000, peerRequests: 10_000 }
const SHORT = { seconds: 1, rounds: 1, requests: 4_000, peerRequests: 1_000 }

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    'base-fee-gwei': { type: 'string', default: '0.02' },
    'eth-usd': { type: 'string', default: '3000' },
  },
})
const rates = { baseFeeGwei: Number(values['base-fee-gwei']), ethUsd: Number(values['eth-usd']) }
if (Object.values(rates).some((rate) => !(rate > 0))) {
  console.error('bench-gateway: --base-fee-gwei and --eth-usd take numbers above 0')
  process.exit(2)
}

const size = values.short ? SHORT : FULL
// On a disk, which /tmp need not be, and open to the user whose PostgreSQL is.
const folder = mkdtempSync('/var/tmp/bench-gateway-')
chmodSync(folder, 0o755)
const figures = await measure(folder, { ...size, say: (text) => console.error(text) })
const page = markdown(figures, { ...size, ...rates })
console.log(page)
if (!values.short) writeFileSync(PAGE, page)
rmSync(folder, { recursive: true })

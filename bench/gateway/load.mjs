// Calls the load generators (crates/diem-gateway/examples) and reads their answers.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../lib/tools.mjs'

const EXAMPLES = join(ROOT, 'crates', 'target', 'release', 'examples')
const run = promisify(execFile)

/** One load on `{base, key, cpu}`; resolves to its figures, and milliseconds of processor time for each request. */
export async function load({ base, key, cpu }, options) {
  const before = cpu()
  const flags = Object.entries({ url: base, key, ...options }).flatMap(([name, value]) => [`--${name}`, String(value)])
  const { stdout } = await run(join(EXAMPLES, 'gateway_load'), flags)
  const figures = JSON.parse(stdout)
  const others = Object.keys(figures.answers).filter((status) => status !== '200')
  if (others.length > 0) throw new Error(`${base} answered ${JSON.stringify(figures.answers)}`)
  return { ...figures, cpuMs: (cpu() - before) / figures.count }
}

/** The ledger alone: requests a second that it reserves and commits, and milliseconds of one. */
export async function ledgerLoad(url, { clients, seconds }) {
  const { stdout } = await run(join(EXAMPLES, 'ledger_load'), [url, String(clients), String(seconds)])
  const figures = JSON.parse(stdout)
  if (figures.disagreements > 0) throw new Error(`${figures.disagreements} sums of the ledger do not agree`)
  return { perSecond: figures.requests_per_second, ...figures.reserve_and_commit_ms }
}

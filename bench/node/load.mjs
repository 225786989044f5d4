// Calls the load generator (crates/devnode/examples/load) and reads its answer.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from '../lib/tools.mjs'

const LOAD = join(ROOT, 'crates', 'target', 'release', 'examples', 'load')

/** Runs one measurement; options become flags, `program` is what `ready` starts. Resolves to its figures. */
export async function load(command, options, program = []) {
  const flags = Object.entries(options).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, String(value)]))
  const child = spawn(LOAD, [command, ...flags, ...(program.length > 0 ? ['--', ...program] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (part) => (text += part))
  const code = await new Promise((done, fail) => child.on('error', fail).on('close', done))
  if (code !== 0) throw new Error(`load ${command} ended with code ${code}`)
  return JSON.parse(text)
}

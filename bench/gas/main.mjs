// One run, one table: the gas of every user action on Stylus and on its Solidity peers, beside the floor.
// See scripts/bench-gas for how to call it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from '../lib/tools.mjs'
import { build } from '../../evm/build.mjs'
import { ACTIONS } from './actions.mjs'
import { curveFaults } from './curve.mjs'
import { measure } from './measure.mjs'
import { markdown, unexplained } from './report.mjs'
import { SYSTEMS } from './systems.mjs'

const SNAPSHOT = join(ROOT, 'snapshots', 'gas.json')
const PAGE = join(ROOT, 'docs', 'gas.md')
/** The systems of our own design, whose traces set the floor. */
const OWN_DESIGN = ['stylusCached', 'solidityDesign']
/** The system whose traces tell what the curve costs. */
const CURVE = 'stylusCached'

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
build()

const measured = {}
for (const [name, system] of Object.entries(SYSTEMS)) {
  process.stderr.write(`${name} `)
  measured[name] = await measure(system, {
    withFloor: OWN_DESIGN.includes(name),
    withCurve: name === CURVE,
    say: () => process.stderr.write('.'),
  })
  process.stderr.write('\n')
}
const snapshot = plain(summary(measured))
const text = `${JSON.stringify(snapshot, null, 2)}\n`
const page = markdown(snapshot)
console.log(page)

const faults = [
  ...evmDifferences(snapshot),
  ...unexplained(snapshot),
  ...curveFaults(snapshot.curve),
  ...(values.check ? drift(snapshot) : []),
]
for (const fault of faults) console.error(fault)
if (!values.check) {
  mkdirSync(join(ROOT, 'snapshots'), { recursive: true })
  writeFileSync(SNAPSHOT, text)
  writeFileSync(PAGE, page)
}
process.exit(faults.length === 0 ? 0 : 1)

/** Per action: gas of each system, the floor and what is known about the rest. */
function summary(all) {
  const actions = ACTIONS.map(({ id, title }) => {
    const gas = Object.fromEntries(Object.entries(all).map(([name, { actions }]) => [name, actions[id]?.gas ?? null]))
    const floors = OWN_DESIGN.map((name) => all[name].actions[id]?.floor).filter((floor) => floor !== undefined)
    const floor = floors.reduce((least, each) => (each < least ? each : least))
    const { starts, slots } = all.stylusCached.actions[id]
    return [id, { title, gas, floor, starts, slots }]
  })
  const deployment = Object.entries(all).filter(([name]) => !['stylusUncached', 'solidityLiveAnvil'].includes(name))
  return {
    actions: Object.fromEntries(actions),
    curve: all[CURVE].curve,
    deployment: Object.fromEntries(deployment.map(([name, result]) => [name, result.deployment])),
  }
}

/** Numbers in place of bigints: every figure is far below 2^53. */
function plain(value) {
  return JSON.parse(JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? Number(each) : each)))
}

/** The same EVM code must cost the same on our node and on anvil. */
function evmDifferences({ actions }) {
  return Object.entries(actions)
    .filter(([, { gas }]) => gas.solidityLive !== gas.solidityLiveAnvil)
    .map(([id, { gas }]) => `${id}: our node charges ${gas.solidityLive} for EVM code, anvil ${gas.solidityLiveAnvil}`)
}

/** Every figure that differs from the committed snapshot. */
function drift(now) {
  if (!existsSync(SNAPSHOT)) return ['snapshots/gas.json is missing: run scripts/bench-gas']
  const [old, fresh] = [flat(JSON.parse(readFileSync(SNAPSHOT, 'utf8'))), flat(now)]
  const paths = [...new Set([...Object.keys(old), ...Object.keys(fresh)])]
  const faults = paths
    .filter((path) => old[path] !== fresh[path])
    .map((path) => `${path}: ${old[path] ?? 'absent'} in the snapshot, ${fresh[path] ?? 'absent'} now`)
  if (!existsSync(PAGE) || readFileSync(PAGE, 'utf8') !== markdown(now)) faults.push('docs/gas.md is not up to date')
  return faults
}

function flat(value, path = '') {
  if (value === null || typeof value !== 'object') return { [path]: value }
  return Object.assign({}, ...Object.entries(value).map(([key, each]) => flat(each, path ? `${path}.${key}` : key)))
}

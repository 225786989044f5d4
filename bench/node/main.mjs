// One run, one page: our node beside anvil. See scripts/bench-node for how to call it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PROGRAMS } from '../lib/chain.mjs'
import { ROOT } from '../lib/tools.mjs'
import { build } from '../../evm/build.mjs'
import { compute, diem, erc20, erc20Calls, readiness } from './measure.mjs'
import { markdown } from './report.mjs'

const PAGE = join(ROOT, 'docs', 'bench-node.md')
const FULL = { count: 100_000, each: 5_000, diemCount: 30_000, seconds: 5, runs: 7 }
const SHORT = { count: 4_000, each: 1_000, diemCount: 4_000, seconds: 1, runs: 3 }

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    calls: { type: 'boolean', default: false },
    before: { type: 'string' },
  },
})
const { diemCount, runs, ...size } = values.short ? SHORT : FULL
build()
if (values.calls) {
  for (const kind of ['anvil', 'devnode']) console.log(kind, JSON.stringify(await erc20Calls(kind, size)))
  process.exit()
}

const sayAs = (name) => (text) => console.error(`${name}: ${text}`)
const ready = { anvil: await readiness('anvil', runs), devnode: await readiness('devnode', runs) }
console.error(`start: anvil ${ready.anvil} ms, ours ${ready.devnode} ms`)
const anvil = await erc20('anvil', { ...size, say: sayAs('anvil') })
const devnode = await erc20('devnode', { ...size, say: sayAs('ours') })
const ourDiem = await diem('devnode', { ...size, count: diemCount, say: sayAs('DIEM') })
const figures = { ready, anvil, devnode, diem: ourDiem, computed: await compute('devnode', size) }
if (values.before) {
  PROGRAMS.before = { ...PROGRAMS.devnode, command: values.before }
  ready.before = await readiness('before', runs)
  const erc20Before = await erc20('before', { ...size, say: sayAs('before') })
  const diemBefore = await diem('before', { ...size, count: diemCount, say: sayAs('before, DIEM') })
  Object.assign(figures, { before: { erc20: erc20Before, diem: diemBefore, computed: await compute('before', size) } })
}
const page = markdown(figures, size)
console.log(page)
if (!values.short) writeFileSync(PAGE, page)

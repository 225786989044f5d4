// Adds up the histories that scripts/long-run has kept and prints the tables of docs/long-runs.md.
//
//   node tests/long-run.mjs RECORD...
import { existsSync, readFileSync } from 'node:fs'

/** Each act is asked by eth_call, then sent. */
const CALLS_PER_ACT = 2
const DAYS_PER_YEAR = 365

const whole = (value) => Math.round(value).toLocaleString('en-US')
const row = (cells) => `| ${cells.join(' | ')} |`
const sum = (lines, field) => lines.reduce((total, line) => total + line[field], 0)

/** Counts of all lines by name. */
function merged(lines, field) {
  const counts = {}
  for (const line of lines) for (const [name, count] of Object.entries(line[field])) counts[name] = (counts[name] ?? 0) + count
  return counts
}

/** `1..600`, or the ranges where some are missing. */
function ranges(seeds) {
  const sorted = [...seeds].sort((a, b) => a - b)
  const parts = []
  for (const seed of sorted) {
    const last = parts.at(-1)
    if (last && last[1] === seed - 1) last[1] = seed
    else parts.push([seed, seed])
  }
  return parts.map(([first, last]) => `${first}..${last}`).join(', ')
}

const runs = process.argv
  .slice(2)
  .filter(existsSync)
  .map((file) => readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line)))
if (runs.length === 0) {
  console.error('nothing was played yet: scripts/long-run')
  process.exit(1)
}

const figures = [
  ['histories', (lines) => whole(lines.length)],
  ['seeds', (lines) => ranges(lines.map((line) => line.seed))],
  ['steps each', (lines) => [...new Set(lines.map((line) => line.steps))].map(whole).join(', ')],
  ['acts', (lines) => whole(sum(lines, 'acts'))],
  ['calls (each act asked, then sent)', (lines) => whole(CALLS_PER_ACT * sum(lines, 'acts'))],
  ['refused', (lines) => `${((100 * sum(lines, 'refusals')) / sum(lines, 'acts')).toFixed(1)}%`],
  ['in the same second as the act before', (lines) => whole(sum(lines, 'sameSecond'))],
  ['within a second of midnight', (lines) => whole(sum(lines, 'atMidnight'))],
  ['years of chain time', (lines) => whole(sum(lines, 'days') / DAYS_PER_YEAR)],
]
const targets = runs.map(([first]) => first.target)
console.log(row(['', ...targets]))
console.log(row(['---', ...targets.map(() => '--:')]))
for (const [name, figure] of figures) console.log(row([name, ...runs.map(figure)]))

for (const [field, title] of [
  ['taken', 'act that was taken'],
  ['refused', 'error that refused one'],
]) {
  const counts = runs.map((lines) => merged(lines, field))
  const names = [...new Set(counts.flatMap(Object.keys))].sort()
  console.log(`\n${row([title, ...targets])}`)
  console.log(row(['---', ...targets.map(() => '--:')]))
  for (const name of names) console.log(row([`\`${name}\``, ...counts.map((count) => whole(count[name] ?? 0))]))
}

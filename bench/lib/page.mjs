// What every page of figures is written with.
import { cpus, totalmem } from 'node:os'

const BYTES_PER_GIB = 1_024 ** 3

export const whole = (value) => Math.round(value).toLocaleString('en-US')
export const ratio = (ours, theirs) => (ours / theirs).toFixed(2)

const row = (cells) => `| ${cells.join(' | ')} |`

/** A table: the first column reads from the left, numbers from the right. */
export const table = (head, rows) => [row(head), row(head.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(row)].join('\n')

/** The machine that a page's figures are of. */
export function machine() {
  const all = cpus()
  return `${all.length} cores (${all[0].model.trim()}), ${Math.round(totalmem() / BYTES_PER_GIB)} GiB, ${process.platform} ${process.arch}`
}

// The Solidity twin speaks the published interface, to the last selector and topic.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { ROOT, viem } from '../../lib/tools.mjs'
import { artifact, build } from '../build.mjs'

/** Errors of the Stylus contracts' own call plumbing, which Solidity has in other forms. */
const STYLUS_ONLY = ['VvvCallFailed', 'DiemCallFailed', 'StakedVvvCallFailed']

function signatures(abi) {
  return abi
    .filter((item) => ['function', 'event', 'error'].includes(item.type))
    .map((item) => {
      const outputs = item.type === 'function' ? ` returns ${viem.toFunctionSignature({ ...item, inputs: item.outputs })}` : ''
      const indexed = item.type === 'event' ? ` indexed ${item.inputs.map((input) => Number(input.indexed))}` : ''
      return `${item.type} ${viem.toFunctionSignature({ ...item, type: 'function' })}${outputs}${indexed}`
    })
}

before(() => build())

const TWINS = [
  ['IStakedVvv', 'StakedVvv'],
  ['IDiem', 'Diem'],
  ['IVVV', 'VVV'],
]

for (const [name, twin] of TWINS) {
  test(`${twin} has every function, event and error of ${name}`, () => {
    const published = JSON.parse(readFileSync(join(ROOT, 'abi', `${name}.json`), 'utf8'))
    const own = new Set(signatures(artifact(twin).abi))
    // An error that a call passes on is declared where it arises.
    const errors = new Set(TWINS.flatMap(([, each]) => signatures(artifact(each).abi.filter(({ type }) => type === 'error'))))
    const missing = signatures(published.abi ?? published).filter(
      (signature) =>
        !own.has(signature) &&
        !errors.has(signature) &&
        !STYLUS_ONLY.some((error) => signature.startsWith(`error ${error}(`)),
    )
    assert.deepEqual(missing, [])
  })
}

// EIP-170 and EIP-3860: code that every EVM chain takes.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { artifact, build } from '../build.mjs'

/** Most bytes of a contract's code, and of what creates it with its arguments. */
const CODE = 24_576
const INIT_CODE = 2 * CODE
/** Most words of a constructor's arguments: DIEM's. */
const ARGUMENTS = 5 * 32

before(() => build())

for (const contract of ['VVV', 'StakedVvv', 'Diem']) {
  test(`${contract} is within the limits of code size`, (t) => {
    const { bytecode, deployedBytecode } = artifact(contract)
    const [init, code] = [bytecode, deployedBytecode].map((hex) => (hex.length - 2) / 2)
    t.diagnostic(`${code} bytes of code`)
    assert.ok(code > 1_000 && code <= CODE, `${code} bytes of code`)
    assert.ok(init + ARGUMENTS <= INIT_CODE, `${init} bytes create it`)
  })
}

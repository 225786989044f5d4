// target/evm/NAME.json is all that an explorer needs: compiled anew, alone, it gives the bytes that are deployed.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { ROOT } from '../../bench/lib/tools.mjs'
import { artifact, build, require } from '../build.mjs'
import { DEPLOYED } from '../deployed.mjs'

const OUT = join(ROOT, 'target', 'evm')
const file = (name) => readFileSync(join(OUT, name))
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')
/** What an explorer asks the compiler for, whatever the file says. */
const ASKED = { '*': { '*': ['abi', 'evm.bytecode', 'evm.deployedBytecode', 'metadata'] } }

before(() => build())

for (const [name, { source, contract }] of Object.entries(DEPLOYED)) {
  test(`${name}.json compiles to what is deployed`, () => {
    const input = JSON.parse(file(`${name}.json`))
    input.settings.outputSelection = ASKED
    const output = JSON.parse(require('solc').compile(JSON.stringify(input)))
    assert.deepEqual((output.errors ?? []).filter(({ severity }) => severity === 'error'), [])
    const { bytecode, deployedBytecode } = output.contracts[source][contract].evm
    assert.equal(bytecode.object, file(`${name}.bin`).toString('hex'))
    assert.equal(deployedBytecode.object, file(`${name}.runtime`).toString('hex'))
    assert.equal(`0x${bytecode.object}`, artifact(contract).bytecode)
  })

  test(`${name}.json holds the sources as they are, and no other`, () => {
    const { sources } = JSON.parse(file(`${name}.json`))
    for (const [path, { content }] of Object.entries(sources)) {
      assert.match(path, /^(evm|abi|@openzeppelin\/contracts)\//)
      const places = [join(ROOT, path), join(ROOT, 'tools', 'node_modules', path)]
      assert.equal(content, readFileSync(places.find(existsSync), 'utf8'), path)
    }
    assert.ok(source in sources)
  })

  test(`the description tells of ${name} as it is`, () => {
    const { contracts } = JSON.parse(file('build.json'))
    const told = contracts[name]
    assert.equal(told.inputSha256, sha256(file(`${name}.json`)))
    assert.equal(told.creationSha256, sha256(file(`${name}.bin`)))
    const runtime = file(`${name}.runtime`)
    assert.equal(told.sha256, sha256(runtime))
    const constructed = { vvv: 7, staked_vvv: 1, diem: 1, timelock: 0 }
    assert.ok(told.immutables.length >= constructed[name], `${told.immutables.length} immutables`)
    for (const { name: variable, at } of told.immutables) {
      assert.ok(at.length > 0, variable)
      for (const { start, length } of at) assert.ok(runtime.subarray(start, start + length).every((byte) => byte === 0))
    }
  })
}

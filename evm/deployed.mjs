// What `diem deploy` sends to EVM chains, each contract compiled from its own standard JSON input: the file that an
// explorer is given is the one that was compiled, and no other source of the repository can change a byte of it.
//
// target/evm holds, for each contract by the name its Stylus module has (the timelock owns either form):
//   NAME.json       the standard JSON input, whole
//   NAME.bin        the creation code, without the constructor's arguments
//   NAME.runtime    the code on the chain, with zeros in the place of what only the constructor knows
//   build.json      of what and how all were made, and where those places are
//   built.sha256    the creation codes, in lines of sha256sum
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What decides about the bytes. */
export const COMPILED = {
  viaIR: true,
  optimizer: { enabled: true, runs: 20_000 },
  evmVersion: 'cancun',
  metadata: { bytecodeHash: 'none', appendCBOR: false },
}
export const DEPLOYED = {
  vvv: { source: 'evm/VVV.sol', contract: 'VVV' },
  staked_vvv: { source: 'evm/StakedVvv.sol', contract: 'StakedVvv' },
  diem: { source: 'evm/Diem.sol', contract: 'Diem' },
  timelock: {
    source: '@openzeppelin/contracts/governance/TimelockController.sol',
    contract: 'TimelockController',
  },
}
const OUTPUT = [
  'abi',
  'evm.bytecode.object',
  'evm.deployedBytecode.object',
  'evm.deployedBytecode.immutableReferences',
]
const RECORD = 'built.sha256'
const DESCRIPTION = 'build.json'

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')

/** Whether a build was written to its end. */
export const isWhole = (out) => existsSync(join(out, RECORD))

/** The standard JSON input of one contract: its source and all that this one imports, and nothing else. */
export function standardInput(solc, findImport, { source, contract }) {
  const texts = {}
  const read = (path) => {
    const found = findImport(path)
    if (found.contents !== undefined) texts[path] = found.contents
    return found
  }
  // Without output the compiler reads and resolves, and does no more.
  const sources = { [source]: { content: read(source).contents } }
  const parse = { language: 'Solidity', sources, settings: { outputSelection: {} } }
  compile(solc, parse, { import: read })
  return {
    language: 'Solidity',
    sources: Object.fromEntries(
      Object.keys(texts)
        .sort()
        .map((path) => [path, { content: texts[path] }]),
    ),
    settings: { ...COMPILED, outputSelection: { [source]: { [contract]: OUTPUT }, '*': { '': ['ast'] } } },
  }
}

/** Compiles, and insists that there is nothing to say about it. */
export function compile(solc, input, callbacks) {
  const output = JSON.parse(solc.compile(JSON.stringify(input), callbacks))
  const messages = (output.errors ?? []).filter((message) => message.severity !== 'info')
  for (const message of messages) console.error(message.formattedMessage)
  if (messages.length > 0) throw new Error('Solidity does not compile cleanly')
  return output
}

/** Names and types of the variables that only the constructor knows, and where the code holds each. */
function immutables(output, references) {
  const declared = new Map()
  const walk = (node) => {
    if (node === null || typeof node !== 'object') return
    if (node.nodeType === 'VariableDeclaration') declared.set(String(node.id), node)
    Object.values(node).forEach(walk)
  }
  Object.values(output.sources).forEach(({ ast }) => walk(ast))
  return Object.entries(references).map(([id, at]) => {
    const { name, typeDescriptions } = declared.get(id)
    return { name, type: typeDescriptions.typeString, at }
  })
}

/** Compiles all of `DEPLOYED` into `out`; what each came to, as the compiler gave it. */
export function writeDeployed({ solc, findImport, out, openzeppelin }) {
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  const contracts = {}
  const compiled = {}
  const lines = []
  for (const [name, { source, contract }] of Object.entries(DEPLOYED)) {
    const input = standardInput(solc, findImport, { source, contract })
    const text = `${JSON.stringify(input, null, 1)}\n`
    writeFileSync(join(out, `${name}.json`), text)
    const output = compile(solc, JSON.parse(text))
    const { abi, evm } = output.contracts[source][contract]
    const creation = Buffer.from(evm.bytecode.object, 'hex')
    const runtime = Buffer.from(evm.deployedBytecode.object, 'hex')
    writeFileSync(join(out, `${name}.bin`), creation)
    writeFileSync(join(out, `${name}.runtime`), runtime)
    lines.push(`${sha256(creation)}  ${name}.bin\n`)
    contracts[name] = {
      source,
      contract,
      inputSha256: sha256(text),
      creationBytes: creation.length,
      creationSha256: sha256(creation),
      bytes: runtime.length,
      sha256: sha256(runtime),
      immutables: immutables(output, evm.deployedBytecode.immutableReferences),
    }
    compiled[contract] = { source, abi, evm }
  }
  const sources = sha256(Object.values(contracts).map(({ inputSha256 }) => inputSha256).join('\n'))
  const build = { sources, compiler: `solc ${solc.version()}`, openzeppelin, settings: COMPILED, contracts }
  writeFileSync(join(out, DESCRIPTION), `${JSON.stringify(build, null, 2)}\n`)
  writeFileSync(join(out, RECORD), lines.join(''))
  return compiled
}

// Compiles every Solidity source of the repository (the twin here, the live design in bench, the integrators in
// examples, the tests' tokens) with the pinned solc and OpenZeppelin of tools/, and writes one artifact per contract to
// target/solidity. What `diem deploy` sends, the twin's creation code and its hashes, goes to target/evm.
//
//   node evm/build.mjs [--force]
//
// An artifact is {contract, source, abi, bytecode, deployedBytecode}. Nothing is compiled when no source changed.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const OUT = join(ROOT, 'target', 'solidity')
const TWIN_OUT = join(ROOT, 'target', 'evm')
/** The twin's contracts, by the names that the Stylus modules have. */
const TWIN = { vvv: 'VVV', staked_vvv: 'StakedVvv', diem: 'Diem' }
/** What was made, in lines of sha256sum. */
const RECORD = 'built.sha256'
const SOURCES = ['evm', 'bench/solidity', 'examples/solidity', 'tests/solidity', 'abi']
const SETTINGS = {
  viaIR: true,
  optimizer: { enabled: true, runs: 20_000 },
  evmVersion: 'cancun',
  metadata: { bytecodeHash: 'none', appendCBOR: false },
  outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
}
const require = createRequire(join(ROOT, 'tools', 'package.json'))

/** Every .sol file below `folder`, as a path from the repository's root. */
function solidityFiles(folder) {
  const absolute = join(ROOT, folder)
  if (!existsSync(absolute)) return []
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sol'))
    .map((entry) => relative(ROOT, join(entry.parentPath ?? entry.path, entry.name)))
    .sort()
}

/** Resolves `@openzeppelin/...` from tools/node_modules; everything else from the repository. */
function findImport(path) {
  const file = path.startsWith('@') ? join(ROOT, 'tools', 'node_modules', path) : join(ROOT, path)
  try {
    return { contents: readFileSync(file, 'utf8') }
  } catch {
    return { error: `${path} not found: run scripts/setup` }
  }
}

export function build({ force = false } = {}) {
  const files = SOURCES.flatMap(solidityFiles)
  const sources = Object.fromEntries(files.map((file) => [file, { content: readFileSync(join(ROOT, file), 'utf8') }]))
  const lock = readFileSync(join(ROOT, 'tools', 'package.json'), 'utf8')
  const fingerprint = createHash('sha256').update(JSON.stringify({ sources, SETTINGS, lock })).digest('hex')
  const stamp = join(OUT, 'fingerprint')
  const whole = existsSync(join(TWIN_OUT, RECORD))
  if (!force && whole && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return { out: OUT, built: 0 }

  const solc = require('solc')
  const input = { language: 'Solidity', sources, settings: SETTINGS }
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: findImport }))
  const messages = (output.errors ?? []).filter((message) => message.severity !== 'info')
  for (const message of messages) console.error(message.formattedMessage)
  if (messages.length > 0) throw new Error('Solidity does not compile cleanly')

  rmSync(OUT, { recursive: true, force: true })
  mkdirSync(OUT, { recursive: true })
  let built = 0
  for (const [source, contracts] of Object.entries(output.contracts)) {
    if (source.startsWith('@')) continue
    for (const [contract, { abi, evm }] of Object.entries(contracts)) {
      const artifact = {
        contract,
        source,
        abi,
        bytecode: `0x${evm.bytecode.object}`,
        deployedBytecode: `0x${evm.deployedBytecode.object}`,
      }
      writeFileSync(join(OUT, `${contract}.json`), `${JSON.stringify(artifact, null, 1)}\n`)
      built += 1
    }
  }
  writeTwin()
  writeFileSync(stamp, fingerprint)
  return { out: OUT, built }
}

/** The creation code of the twin's contracts, and the record of it. */
function writeTwin() {
  rmSync(TWIN_OUT, { recursive: true, force: true })
  mkdirSync(TWIN_OUT, { recursive: true })
  const lines = Object.entries(TWIN).map(([name, contract]) => {
    const code = Buffer.from(artifact(contract).bytecode.slice(2), 'hex')
    writeFileSync(join(TWIN_OUT, `${name}.bin`), code)
    return `${createHash('sha256').update(code).digest('hex')}  ${name}.bin\n`
  })
  writeFileSync(join(TWIN_OUT, RECORD), lines.join(''))
}

/** The artifact of one contract; builds first when sources changed. */
export function artifact(contract) {
  return JSON.parse(readFileSync(join(OUT, `${contract}.json`), 'utf8'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { out, built } = build({ force: process.argv.includes('--force') })
  console.error(built === 0 ? 'Solidity artifacts are up to date' : `${built} Solidity artifacts in ${relative(ROOT, out)}`)
}

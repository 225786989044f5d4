// Compiles every Solidity source of the repository (the twin here, the live design in bench, the integrators in
// examples, the tests' tokens) with the pinned solc and OpenZeppelin of tools/, and writes one artifact per contract to
// target/solidity. What `diem deploy` sends goes to target/evm: deployed.mjs makes it.
//
//   node evm/build.mjs [--force]
//
// An artifact is {contract, source, abi, bytecode, deployedBytecode}. Nothing is compiled when no source changed.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { COMPILED, DEPLOYED, compile, isWhole, writeDeployed } from './deployed.mjs'

const SELF = fileURLToPath(import.meta.url)
const ROOT = join(dirname(SELF), '..')
const OUT = join(ROOT, 'target', 'solidity')
const DEPLOYED_OUT = join(ROOT, 'target', 'evm')
const SOURCES = ['evm', 'bench/solidity', 'examples/solidity', 'tests/solidity', 'abi']
const OUTPUT = ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object']
export const require = createRequire(join(ROOT, 'tools', 'package.json'))

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
  const how = [SELF, new URL('deployed.mjs', import.meta.url)].map((file) => readFileSync(file, 'utf8'))
  const fingerprint = createHash('sha256').update(JSON.stringify({ sources, how, lock })).digest('hex')
  const stamp = join(OUT, 'fingerprint')
  if (!force && isWhole(DEPLOYED_OUT) && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return { out: OUT, built: 0 }

  const solc = require('solc')
  const apart = Object.values(DEPLOYED).map(({ source }) => source)
  const rest = files.filter((file) => !apart.includes(file))
  const outputSelection = Object.fromEntries(rest.map((file) => [file, { '*': OUTPUT }]))
  const input = { language: 'Solidity', sources, settings: { ...COMPILED, outputSelection } }
  const output = compile(solc, input, { import: findImport })

  rmSync(OUT, { recursive: true, force: true })
  mkdirSync(OUT, { recursive: true })
  let built = 0
  const write = (contract, { source, abi, evm }) => {
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
  for (const [source, contracts] of Object.entries(output.contracts)) {
    for (const [contract, { abi, evm }] of Object.entries(contracts)) write(contract, { source, abi, evm })
  }
  const { version } = require('@openzeppelin/contracts/package.json')
  const deployed = writeDeployed({ solc, findImport, out: DEPLOYED_OUT, openzeppelin: version })
  for (const [contract, made] of Object.entries(deployed)) write(contract, made)
  writeFileSync(stamp, fingerprint)
  return { out: OUT, built }
}

/** The artifact of one contract; builds first when sources changed. */
export function artifact(contract) {
  return JSON.parse(readFileSync(join(OUT, `${contract}.json`), 'utf8'))
}

if (process.argv[1] === SELF) {
  const { out, built } = build({ force: process.argv.includes('--force') })
  console.error(built === 0 ? 'Solidity artifacts are up to date' : `${built} Solidity artifacts in ${relative(ROOT, out)}`)
}

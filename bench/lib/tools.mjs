// The pinned packages of tools/, for scripts that live elsewhere in the repository.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const require = createRequire(join(ROOT, 'tools', 'package.json'))

export const viem = require('viem')
export const viemAccounts = require('viem/accounts')
export const bin = (name) => join(ROOT, 'tools', 'node_modules', '.bin', name)
/** The program itself behind one of the @foundry-rs packages, whose own script is a wrapper around it. */
export const nativeBin = (name) =>
  join(ROOT, 'tools', 'node_modules', '@foundry-rs', `${name}-${process.platform}-${NPM_ARCH[process.arch]}`, 'bin', name)
const NPM_ARCH = { x64: 'amd64', arm64: 'arm64' }

// The committed interfaces of our contracts.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './tools.mjs'

/** The ABI of `IVVV`, `IStakedVvv` or `IDiem`. */
export function publishedAbi(name) {
  const file = JSON.parse(readFileSync(join(ROOT, 'abi', `${name}.json`), 'utf8'))
  return file.abi ?? file
}

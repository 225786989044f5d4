// What the JavaScript clients share: the contract they use and how checks are counted.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const here = new URL('.', import.meta.url)
/** Loads a package of tools/. */
export const require = createRequire(new URL('../../../tools/package.json', here))

/** Source: ../tests/fixtures/Probe.sol. */
export const BYTECODE = `0x${readFileSync(new URL('../tests/fixtures/Probe.hex', here), 'utf8').trim()}`
export const ABI = [
  'function value() view returns (uint256)',
  'function set(uint256 next) payable',
  'function fail(string reason) pure',
  'function deny(uint256 it) view',
  'event Set(address indexed who, uint256 indexed old, uint256 value)',
  'error Denied(address who, uint256 value)',
]
/** First account of the phrase that every dev node serves. */
export const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
/** Where client libraries expect Multicall3 on every chain. */
export const MULTICALL3 = '0xcA11bde05977b3631167028862bE2a173976CA11'

/** Runs named checks in order, then prints "N passed, N failed" and ends the process. */
export async function run(client, checks) {
  let [passed, failed] = [0, 0]
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check()
      passed += 1
      console.log(`ok: ${client}: ${name}`)
    } catch (error) {
      failed += 1
      console.log(`FAILED: ${client}: ${name}\n${error.stack}`)
    }
  }
  console.log(`${passed} passed, ${failed} failed`)
  process.exit(failed === 0 ? 0 : 1)
}

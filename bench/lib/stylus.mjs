// Deploys Stylus programs the way cargo-stylus does: one call of the StylusDeployer that creates, activates and
// constructs, so that nobody can step in between.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { publishedAbi } from './abi.mjs'
import { ROOT, viem } from './tools.mjs'

const { concatHex, encodeAbiParameters, encodeFunctionData, numberToHex, parseAbi, parseEther, size, toHex, zeroHash } = viem

/** Contract key -> its WASM in target/wasm, interface, and constructor argument types (null: it has none). */
export const PROGRAMS = {
  vvv: { file: 'vvv', abi: 'IVVV', constructor: null },
  sVvv: { file: 'staked_vvv', abi: 'IStakedVvv', constructor: ['address', 'address', 'uint256', 'uint256'] },
  diem: { file: 'diem', abi: 'IDiem', constructor: ['address', 'address', 'address', 'uint256', 'uint256'] },
}

const DEPLOYER = {
  address: '0xcEcba2F1DC234f70Dd89F2041029807F8D03A990',
  abi: parseAbi([
    'function deploy(bytes bytecode, bytes initData, uint256 initValue, bytes32 salt) payable returns (address)',
    'event ContractDeployed(address deployedContract)',
  ]),
}
const ARB_DEBUG = { address: '0x00000000000000000000000000000000000000ff', abi: parseAbi(['function becomeChainOwner()']) }
const ARB_WASM = {
  address: '0x0000000000000000000000000000000000000071',
  abi: parseAbi([
    'function programInitGas(address program) view returns (uint64 gas, uint64 gasWhenCached)',
    'function codehashKeepalive(bytes32 codehash) payable',
  ]),
}
const ARB_WASM_CACHE = {
  address: '0x0000000000000000000000000000000000000072',
  abi: parseAbi(['function cacheProgram(address program)', 'function codehashIsCached(bytes32) view returns (bool)']),
}
/** Selector of `stylus_constructor()`, whatever the argument types. */
const CONSTRUCTOR_SELECTOR = '0x5585258d'
/** Marks code as a whole Stylus program, compressed without a dictionary. */
const STYLUS_PREFIX = '0xeff00000'
/** More than any activation asks for; the rest comes back. */
const ACTIVATION_VALUE = parseEther('1')
const DEPLOY_GAS = 25_000_000n

/** The account code of a program: prefix and brotli-compressed WASM. */
export function programCode({ file }) {
  const wasm = readFileSync(join(ROOT, 'target', 'wasm', `${file}.wasm`))
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 }
  return concatHex([STYLUS_PREFIX, toHex(brotliCompressSync(wasm, { params }))])
}

/** Init code that returns `code`: copies everything behind its own 43 bytes. */
function initCode(code) {
  const length = numberToHex(size(code), { size: 32 })
  return concatHex(['0x7f', length, '0x80602b6000396000f300', code])
}

/** Deploys, activates and constructs; resolves to its address, ABI, size, costs and transaction. */
export async function deployProgram(chain, account, program, args = []) {
  const code = programCode(program)
  const initData = program.constructor
    ? concatHex([
        CONSTRUCTOR_SELECTOR,
        encodeAbiParameters(
          program.constructor.map((type) => ({ type })),
          args,
        ),
      ])
    : '0x'
  const before = await chain.publicClient.getBalance({ address: account.address })
  const receipt = await chain.send(account, {
    to: DEPLOYER.address,
    value: ACTIVATION_VALUE,
    gas: DEPLOY_GAS,
    data: encodeFunctionData({ ...DEPLOYER, functionName: 'deploy', args: [initCode(code), initData, 0n, zeroHash] }),
  })
  const after = await chain.publicClient.getBalance({ address: account.address })
  const [event] = viem.parseEventLogs({ abi: DEPLOYER.abi, logs: receipt.logs })
  const dataFee = before - after - receipt.gasUsed * receipt.effectiveGasPrice
  const address = event.args.deployedContract
  const [startGas, startGasCached] = await chain.read(ARB_WASM, 'programInitGas', [address])
  return {
    address,
    abi: program.abi && publishedAbi(program.abi),
    gasUsed: receipt.gasUsed,
    dataFee,
    codeBytes: size(code),
    startGas,
    startGasCached,
    transactionHash: receipt.transactionHash,
  }
}

/** The part of a deployment's gas that activation took: what the transaction spent in ArbWasm. */
export async function activationGas(chain, transactionHash) {
  const root = await chain.rpc('debug_traceTransaction', [transactionHash, { tracer: 'callTracer' }])
  const spent = ({ to, gasUsed, calls = [] }) =>
    to === ARB_WASM.address ? BigInt(gasUsed) : calls.reduce((sum, call) => sum + spent(call), 0n)
  const gas = spent(root)
  if (gas === 0n) throw new Error(`${transactionHash} activates no program`)
  return gas
}

/** Starts a program's year anew; Nitro wants it to be a month old at least. */
export async function keepAlive(chain, account, address) {
  const code = await chain.publicClient.getCode({ address })
  const data = encodeFunctionData({ ...ARB_WASM, functionName: 'codehashKeepalive', args: [viem.keccak256(code)] })
  await chain.send(account, { to: ARB_WASM.address, value: ACTIVATION_VALUE, data })
}

/** Puts a program into the cache, as chain owner of a dev chain. */
export async function cacheProgram(chain, account, address) {
  await chain.write(account, ARB_DEBUG, 'becomeChainOwner')
  await chain.write(account, ARB_WASM_CACHE, 'cacheProgram', [address])
}

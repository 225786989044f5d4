/** What an operator looks at: programs as the chain's precompiles tell, and the queue of an OpenZeppelin timelock. */
import { decodeFunctionData, keccak256, parseAbi, type Abi, type Address, type Hex } from 'viem'
import { getCode, getLogs, readContract } from 'viem/actions'
import { ABI, addressOf, CONTRACT_NAMES, type ContractName } from './contracts'
import type { Node } from './node'

const ARB_WASM = '0x0000000000000000000000000000000000000071'
const ARB_WASM_CACHE = '0x0000000000000000000000000000000000000072'
const wasmAbi = parseAbi([
  'function programVersion(address program) view returns (uint16)',
  'function programTimeLeft(address program) view returns (uint64)',
])
const cacheAbi = parseAbi(['function codehashIsCached(bytes32 codehash) view returns (bool)'])
const timelockAbi = parseAbi([
  'function getMinDelay() view returns (uint256)',
  'function getTimestamp(bytes32 id) view returns (uint256)',
  'event CallScheduled(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data, bytes32 predecessor, uint256 delay)',
])

/** Code of every Stylus program begins so. */
const PROGRAM = '0xeff000'

export type Program = {
  name: ContractName
  address: Address
  /** Nothing where the contract is no Stylus program. */
  version?: number
  /** Seconds until it must be activated again. */
  left?: bigint
  cached?: boolean
}

export async function programsAt(node: Node, blockNumber: bigint): Promise<Program[]> {
  return Promise.all(
    CONTRACT_NAMES.map(async (name): Promise<Program> => {
      const address = addressOf(node.deployment, name)
      const at = { blockNumber, address: ARB_WASM as Address, abi: wasmAbi, args: [address] as const }
      const [code, version, left] = await Promise.all([
        getCode(node.client, { address, blockNumber }),
        readContract(node.client, { ...at, functionName: 'programVersion' }).catch(() => undefined),
        readContract(node.client, { ...at, functionName: 'programTimeLeft' }).catch(() => undefined),
      ])
      if (!code?.startsWith(PROGRAM) || version === undefined || left === undefined) return { name, address }
      const cached = await readContract(node.client, {
        blockNumber,
        address: ARB_WASM_CACHE,
        abi: cacheAbi,
        functionName: 'codehashIsCached',
        args: [keccak256(code)],
      }).catch(() => undefined)
      return { name, address, version, left, ...(cached !== undefined && { cached }) }
    }),
  )
}

export type Waiting = { id: Hex; target: Address; what: string; readyAt: bigint }
/** What an owner is: an account with a key, a contract, or a timelock with what waits in it. */
export type Owner = { kind: 'account' | 'contract' } | { kind: 'timelock'; delay: bigint; queue: Waiting[] }

/** A timelock tells 0 for what it does not know and 1 for what is done. */
const DONE = 1n

export async function ownerAt(node: Node, owner: Address, blockNumber: bigint): Promise<Owner> {
  const at = { address: owner, abi: timelockAbi, blockNumber }
  const [code, delay] = await Promise.all([
    getCode(node.client, { address: owner, blockNumber }),
    readContract(node.client, { ...at, functionName: 'getMinDelay' }).catch(() => undefined),
  ])
  if (!code || code === '0x') return { kind: 'account' }
  if (delay === undefined) return { kind: 'contract' }
  const scheduled = await getLogs(node.client, {
    address: owner,
    event: timelockAbi[2],
    fromBlock: node.deployment.fromBlock,
    toBlock: blockNumber,
    strict: true,
  })
  const queue = await Promise.all(
    scheduled.map(async ({ args: { id, target, data } }): Promise<Waiting> => {
      const readyAt = await readContract(node.client, { ...at, functionName: 'getTimestamp', args: [id] })
      return { id, target, what: callText(node, target, data), readyAt }
    }),
  )
  return { kind: 'timelock', delay, queue: queue.filter(({ readyAt }) => readyAt > DONE) }
}

/** A call in the words of the interface, or its bytes where it is not of ours. */
function callText(node: Node, target: Address, data: Hex): string {
  const name = CONTRACT_NAMES.find((known) => addressOf(node.deployment, known).toLowerCase() === target.toLowerCase())
  if (!name) return data
  try {
    const { functionName, args = [] } = decodeFunctionData({ abi: ABI[name] as Abi, data })
    return `${name}.${functionName}(${args.map(String).join(', ')})`
  } catch {
    return data
  }
}

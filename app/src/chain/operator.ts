/** What an operator looks at: programs as the chain's precompiles tell, and the queue of an OpenZeppelin timelock. */
import { useQuery } from '@tanstack/react-query'
import { decodeEventLog, decodeFunctionData, encodeEventTopics, keccak256, parseAbi } from 'viem'
import type { Abi, Address, Hex } from 'viem'
import { getCode, readContract } from 'viem/actions'
import { useChain, useReads } from './ChainProvider'
import { ABI, addressOf, CONTRACT_NAMES, type ContractName } from './contracts'
import { rawLogsOf } from './logs'
import { all, isLost, UNTIL_ANSWERED, type Node } from './node'
import { useKept } from './useKept'

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

/** A refusal means that there is nothing; no answer means nothing at all. */
const unlessLost = (error: unknown): undefined => {
  if (isLost(error)) throw error
}

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

/** The code of each contract, asked for once: none of them is a proxy, and code never changes. */
function useCodes(): Record<ContractName, Hex | undefined> | undefined {
  const { node } = useChain()
  const { data } = useQuery({
    queryKey: ['codes', node.rpcUrl, node.deployment.diem],
    queryFn: async () => {
      const codeOf = (name: ContractName) => getCode(node.client, { address: addressOf(node.deployment, name) })
      return all({ vvv: codeOf('vvv'), sVvv: codeOf('sVvv'), diem: codeOf('diem') })
    },
    staleTime: Infinity,
    ...UNTIL_ANSWERED,
  })
  return data
}

export function usePrograms(): Program[] | undefined {
  const { node } = useChain()
  const codes = useCodes()
  return useReads(
    'programs',
    [],
    (_, { number: blockNumber }) =>
      Promise.all(
        CONTRACT_NAMES.map(async (name): Promise<Program> => {
          const address = addressOf(node.deployment, name)
          const code = codes![name]
          if (!code?.startsWith(PROGRAM)) return { name, address }
          const wasm = { blockNumber, address: ARB_WASM as Address, abi: wasmAbi, args: [address] as const }
          const cache = {
            blockNumber,
            address: ARB_WASM_CACHE as Address,
            abi: cacheAbi,
            args: [keccak256(code)] as const,
          }
          const [version, left, cached] = await Promise.all([
            readContract(node.client, { ...wasm, functionName: 'programVersion' }).catch(unlessLost),
            readContract(node.client, { ...wasm, functionName: 'programTimeLeft' }).catch(unlessLost),
            readContract(node.client, { ...cache, functionName: 'codehashIsCached' }).catch(unlessLost),
          ])
          if (version === undefined || left === undefined) return { name, address }
          return { name, address, version, left, ...(cached !== undefined && { cached }) }
        }),
      ),
    codes !== undefined,
  )
}

export type Waiting = { id: Hex; what: string; readyAt: bigint }
/** What an owner is: an account with a key, a contract, or a timelock with what waits in it. */
export type Owner = { kind: 'account' | 'contract' } | { kind: 'timelock'; delay: bigint; queue: Waiting[] | undefined }

/** A timelock tells 0 for what it does not know and 1 for what is done. */
const DONE = 1n

type Scheduled = { id: Hex; what: string }

export function useOwner(owner: Address | undefined): Owner | undefined {
  const { node } = useChain()
  const is = useReads(
    'owner',
    [owner],
    async (
      _,
      { number: blockNumber },
    ): Promise<Exclude<Owner, { kind: 'timelock' }> | { kind: 'timelock'; delay: bigint }> => {
      const at = { address: owner!, abi: timelockAbi, blockNumber }
      const [code, delay] = await Promise.all([
        getCode(node.client, { address: owner!, blockNumber }),
        readContract(node.client, { ...at, functionName: 'getMinDelay' }).catch(unlessLost),
      ])
      if (!code || code === '0x') return { kind: 'account' }
      return delay === undefined ? { kind: 'contract' } : { kind: 'timelock', delay }
    },
    owner !== undefined,
  )
  const isTimelock = is?.kind === 'timelock'
  const scheduled = useKept<Scheduled>(
    `scheduled/${owner ?? ''}`,
    async (_, from, to) => {
      const topics = encodeEventTopics({ abi: timelockAbi, eventName: 'CallScheduled' }) as [Hex]
      const logs = await rawLogsOf(node, [owner!], topics, from, to)
      return logs.map((log) => {
        const { args } = decodeEventLog({ abi: timelockAbi, topics: log.topics, data: log.data })
        return { id: args.id, what: callText(node, args.target, args.data) }
      })
    },
    isTimelock,
  )
  const ids = scheduled?.map(({ id }) => id).join()
  const queue = useReads(
    'queue',
    [owner, ids],
    async (_, { number: blockNumber }) => {
      const at = { address: owner!, abi: timelockAbi, blockNumber, functionName: 'getTimestamp' } as const
      const waiting = await Promise.all(
        scheduled!.map(async ({ id, what }): Promise<Waiting> => ({
          id,
          what,
          readyAt: await readContract(node.client, { ...at, args: [id] }),
        })),
      )
      return waiting.filter(({ readyAt }) => readyAt > DONE)
    },
    isTimelock && scheduled !== undefined,
  )
  return is?.kind === 'timelock' ? { ...is, queue } : is
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

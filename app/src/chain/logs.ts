/** Events of the chain. A node that refuses a range is asked for its halves. */
import { decodeEventLog, type Abi, type Address, type Hex } from 'viem'
import type { ContractName } from './contracts'
import { ABI, addressOf } from './contracts'
import type { Node } from './node'

export type Told = {
  contract: ContractName
  name: string
  args: Record<string, unknown>
  block: bigint
  transaction: Hex
  index: number
}

export type Topics = readonly (Hex | readonly Hex[] | null)[]
export type Filter = { contracts: readonly ContractName[]; topics: Topics }

export type RawLog = {
  address: Address
  topics: [Hex, ...Hex[]]
  data: Hex
  blockNumber: Hex
  transactionHash: Hex
  logIndex: Hex
}

/** Logs of blocks `from` to `to`, both included, as the node has them. */
export async function rawLogsOf(
  node: Node,
  address: readonly Address[],
  topics: Topics,
  from: bigint,
  to: bigint,
): Promise<RawLog[]> {
  if (from > to) return []
  try {
    const range = { fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` } as const
    const asked = { address: [...address], topics: topics as never, ...range }
    return (await node.client.request({ method: 'eth_getLogs', params: [asked] })) as unknown as RawLog[]
  } catch (error) {
    const refused = error instanceof Error && 'code' in error && typeof error.code === 'number'
    if (!refused || from === to) throw error
    const middle = (from + to) / 2n
    const halves = await Promise.all([
      rawLogsOf(node, address, topics, from, middle),
      rawLogsOf(node, address, topics, middle + 1n, to),
    ])
    return halves.flat()
  }
}

/** Events of our contracts in the interface's words. */
export async function logsOf(node: Node, filter: Filter, from: bigint, to: bigint): Promise<Told[]> {
  const contracts = filter.contracts.map((name) => ({ name, address: addressOf(node.deployment, name) }))
  const addresses = contracts.map(({ address }) => address)
  const logs = await rawLogsOf(node, addresses, filter.topics, from, to)
  return logs.flatMap((log) => {
    const contract = contracts.find(({ address }) => address.toLowerCase() === log.address.toLowerCase())?.name
    return contract ? told(contract, log) : []
  })
}

/** A log in the interface's words; nothing for one that the interface does not know. */
function told(contract: ContractName, log: RawLog): Told[] {
  try {
    const { eventName, args } = decodeEventLog({ abi: ABI[contract] as Abi, topics: log.topics, data: log.data })
    return [
      {
        contract,
        name: eventName ?? '',
        args: (args ?? {}) as unknown as Record<string, unknown>,
        block: BigInt(log.blockNumber),
        transaction: log.transactionHash,
        index: Number(log.logIndex),
      },
    ]
  } catch {
    return []
  }
}

export const inOrder = (a: Told, b: Told): number =>
  a.block === b.block ? a.index - b.index : a.block < b.block ? -1 : 1

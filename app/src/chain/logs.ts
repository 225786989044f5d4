/** Events of sVVV and DIEM. A node that refuses a range is asked for its halves. */
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

export type Filter = { contracts: readonly ContractName[]; topics: readonly (Hex | readonly Hex[] | null)[] }

type RawLog = {
  address: Address
  topics: [Hex, ...Hex[]]
  data: Hex
  blockNumber: Hex
  transactionHash: Hex
  logIndex: Hex
}

export async function logsOf(node: Node, filter: Filter, from: bigint, to: bigint): Promise<Told[]> {
  if (from > to) return []
  const contracts = filter.contracts.map((name) => ({ name, address: addressOf(node.deployment, name) }))
  try {
    const logs = (await node.client.request({
      method: 'eth_getLogs',
      params: [
        {
          address: contracts.map(({ address }) => address),
          topics: filter.topics as never,
          fromBlock: `0x${from.toString(16)}`,
          toBlock: `0x${to.toString(16)}`,
        },
      ],
    })) as unknown as RawLog[]
    return logs.flatMap((log) => {
      const contract = contracts.find(({ address }) => address.toLowerCase() === log.address.toLowerCase())?.name
      return contract ? told(contract, log) : []
    })
  } catch (error) {
    const refused = error instanceof Error && 'code' in error && typeof error.code === 'number'
    if (!refused || from === to) throw error
    const middle = (from + to) / 2n
    const halves = await Promise.all([logsOf(node, filter, from, middle), logsOf(node, filter, middle + 1n, to)])
    return halves.flat()
  }
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

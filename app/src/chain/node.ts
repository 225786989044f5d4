/** The node that the page reads from. Whatever is asked for in one turn travels in one request. */
import type { ContractFunctionArgs, ContractFunctionName, ContractFunctionReturnType } from 'viem'
import { BaseError, createClient, defineChain, http, HttpRequestError, TimeoutError } from 'viem'
import type { Chain, Client, HttpTransport } from 'viem'
import { readContract } from 'viem/actions'
import type { Deployment } from '../config'
import { ABI, addressOf, type ContractName } from './contracts'

const TIMEOUT_MS = 20_000
const MOST_IN_ONE_REQUEST = 200

export type Node = { client: Client<HttpTransport, Chain>; chain: Chain; deployment: Deployment; rpcUrl: string }

export function openNode(deployment: Deployment, rpcUrl = deployment.rpcUrl): Node {
  const chain = defineChain({
    id: deployment.chainId,
    name: deployment.name,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
  const transport = http(rpcUrl, { batch: { batchSize: MOST_IN_ONE_REQUEST }, retryCount: 0, timeout: TIMEOUT_MS })
  return { client: createClient({ chain, transport, cacheTime: 0 }), chain, deployment, rpcUrl }
}

/** Whether the node did not answer at all, rather than with an error. */
export const isLost = (error: unknown): boolean =>
  error instanceof BaseError &&
  error.walk((cause) => cause instanceof HttpRequestError || cause instanceof TimeoutError) !== null

const AGAIN_MS = 1_000

/** What a query does while the node is away: it asks again, whether a block comes or not. */
export const UNTIL_ANSWERED = {
  retry: (_: number, error: unknown) => isLost(error),
  retryDelay: AGAIN_MS,
  networkMode: 'always',
} as const

type Views<N extends ContractName> = ContractFunctionName<(typeof ABI)[N], 'view' | 'pure'>

/** Reads of the contracts as of one block, and nothing else. */
export type Reader = <const N extends ContractName, const F extends Views<N>>(
  contract: N,
  functionName: F,
  ...args: Readonly<ContractFunctionArgs<(typeof ABI)[N], 'view' | 'pure', F>> extends infer A extends
    readonly unknown[]
    ? A
    : never
) => Promise<ContractFunctionReturnType<(typeof ABI)[N], 'view' | 'pure', F>>

export function readerAt(node: Node, blockNumber: bigint): Reader {
  const read = (contract: ContractName, functionName: string, ...args: unknown[]) =>
    readContract(node.client, {
      address: addressOf(node.deployment, contract),
      abi: ABI[contract] as never,
      functionName: functionName as never,
      args: args as never,
      blockNumber,
    })
  return read as unknown as Reader
}

/** Waits for all of an object's promises. */
export async function all<T extends Record<string, unknown>>(promises: T): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const keys = Object.keys(promises)
  const values = await Promise.all(Object.values(promises))
  return Object.fromEntries(keys.map((key, index) => [key, values[index]])) as { [K in keyof T]: Awaited<T[K]> }
}

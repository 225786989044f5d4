/** The head of the chain, and reads as of it: all reads of a view travel in one request for each block. */
import { keepPreviousData, useIsFetching, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, useCallback, useContext, useMemo, type ReactNode } from 'react'
import type { Hex } from 'viem'
import { getBlock } from 'viem/actions'
import type { Config } from '../config'
import { readerAt, UNTIL_ANSWERED, type Node, type Reader } from './node'

const POLL_MS = 1_000
/** How long what was read at a block is kept once nothing shows it. */
const KEPT_MS = 30_000

export type Head = { number: bigint; timestamp: bigint; hash: Hex }

type Chain = {
  config: Config
  node: Node
  /** Nothing until the node answered once. */
  head: Head | undefined
  /** The node does not answer now; what is shown is of the last head. */
  down: boolean
  /** Looks for a new head at once. */
  refresh: () => Promise<void>
}

const Context = createContext<Chain | undefined>(undefined)

export function useChain(): Chain {
  const chain = useContext(Context)
  if (!chain) throw new Error('there is no ChainProvider')
  return chain
}

export function ChainProvider({ config, node, children }: { config: Config; node: Node; children: ReactNode }) {
  const queries = useQueryClient()
  const { data: head, isError: down } = useQuery({
    queryKey: ['head', node.rpcUrl],
    queryFn: async (): Promise<Head> => {
      const { number, timestamp, hash } = await getBlock(node.client, { blockTag: 'latest' })
      return { number, timestamp, hash }
    },
    refetchInterval: POLL_MS,
    refetchOnWindowFocus: true,
    networkMode: 'always',
    retry: false,
  })
  const refresh = useCallback(
    () => queries.refetchQueries({ queryKey: ['head', node.rpcUrl] }, { cancelRefetch: false }),
    [queries, node],
  )
  const value = useMemo(() => ({ config, node, head, down, refresh }), [config, node, head, down, refresh])
  return <Context value={value}>{children}</Context>
}

/** Whether anything is being read beside the head, or there is no head yet. */
export function useReading(): boolean {
  const { head, down } = useChain()
  const fetching = useIsFetching({ predicate: ({ queryKey }) => queryKey[0] !== 'head' })
  return !down && (head === undefined || fetching > 0)
}

/**
 * What `load` reads, as of the newest block. While the next block's answer is awaited the last one stays, but never
 * that of other arguments: one account's numbers are not shown under another's name.
 */
export function useReads<T>(
  name: string,
  args: readonly (string | undefined)[],
  load: (read: Reader, head: Head) => Promise<T>,
  enabled = true,
): T | undefined {
  const { node, head } = useChain()
  const key = [name, node.deployment.chainId, ...args].join('/')
  const { data } = useQuery({
    queryKey: ['reads', key, head?.hash],
    queryFn: () => load(readerAt(node, head!.number), head!),
    enabled: enabled && head !== undefined,
    placeholderData: (last, lastQuery) => (lastQuery?.queryKey[1] === key ? keepPreviousData(last) : undefined),
    staleTime: Infinity,
    gcTime: KEPT_MS,
    ...UNTIL_ANSWERED,
    // An answer may hold bigint, which has no structure to share.
    structuralSharing: false,
  })
  return data as T | undefined
}

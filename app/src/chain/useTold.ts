/** Events of the contracts, kept from block to block: each block is asked about once. */
import { useQuery } from '@tanstack/react-query'
import { useChain } from './ChainProvider'
import { inOrder, logsOf, type Filter, type Told } from './logs'
import type { Node } from './node'

type Kept = { to: bigint; told: Told[] }

const kept = new Map<string, Kept>()

/** Events up to `head` by any of `filters`, oldest first, each once. */
async function toldUntil(node: Node, key: string, filters: readonly Filter[], head: bigint): Promise<Told[]> {
  const before = kept.get(key)
  // A head that lies before what is kept is of another chain under the same address: a dev node begun anew.
  const base = before && before.to <= head ? before : { to: node.deployment.fromBlock - 1n, told: [] }
  if (base.to === head) return base.told
  const parts = await Promise.all(filters.map((filter) => logsOf(node, filter, base.to + 1n, head)))
  const fresh = new Map(parts.flat().map((item) => [`${item.block}/${item.index}`, item]))
  const told = fresh.size === 0 ? base.told : [...base.told, ...[...fresh.values()].sort(inOrder)]
  kept.set(key, { to: head, told })
  return told
}

export function useTold(name: string, filters: Filter | readonly Filter[], enabled = true): Told[] | undefined {
  const { node, head } = useChain()
  const list = 'topics' in filters ? [filters] : filters
  const key = [name, node.rpcUrl, node.deployment.diem, JSON.stringify(list)].join('/')
  const { data } = useQuery({
    queryKey: ['told', key, head?.hash],
    queryFn: () => toldUntil(node, key, list, head!.number),
    enabled: enabled && head !== undefined,
    placeholderData: (last, lastQuery) => (lastQuery?.queryKey[1] === key ? last : undefined),
    staleTime: Infinity,
    gcTime: 30_000,
    networkMode: 'always',
    retry: false,
    structuralSharing: false,
  })
  return data
}

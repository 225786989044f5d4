/** What is gathered from block to block and kept: each block is asked about once. */
import { useQuery } from '@tanstack/react-query'
import { useChain } from './ChainProvider'
import { UNTIL_ANSWERED, type Node } from './node'

const KEPT_MS = 30_000

/** Items of blocks `from` to `to`, both included, oldest first. */
type Load<T> = (node: Node, from: bigint, to: bigint) => Promise<readonly T[]>

const kept = new Map<string, { to: bigint; items: readonly unknown[] }>()

async function keptUntil<T>(node: Node, key: string, head: bigint, load: Load<T>): Promise<readonly T[]> {
  const before = kept.get(key) as { to: bigint; items: readonly T[] } | undefined
  // A head that lies before what is kept is of another chain under the same address: a dev node begun anew.
  const base = before && before.to <= head ? before : { to: node.deployment.fromBlock - 1n, items: [] }
  if (base.to === head) return base.items
  const fresh = await load(node, base.to + 1n, head)
  const items = fresh.length === 0 ? base.items : [...base.items, ...fresh]
  kept.set(key, { to: head, items })
  return items
}

/** All that `load` finds up to the newest block. `name` stands for what is loaded. */
export function useKept<T>(name: string, load: Load<T>, enabled = true): readonly T[] | undefined {
  const { node, head } = useChain()
  const key = [name, node.rpcUrl, node.deployment.diem].join('/')
  const { data } = useQuery({
    queryKey: ['kept', key, head?.hash],
    queryFn: () => keptUntil(node, key, head!.number, load),
    enabled: enabled && head !== undefined,
    placeholderData: (last, lastQuery) => (lastQuery?.queryKey[1] === key ? last : undefined),
    staleTime: Infinity,
    gcTime: KEPT_MS,
    ...UNTIL_ANSWERED,
    structuralSharing: false,
  })
  return data
}

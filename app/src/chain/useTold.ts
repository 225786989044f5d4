/** Events of our contracts up to the newest block. */
import { inOrder, logsOf, type Filter, type Told } from './logs'
import { useKept } from './useKept'

/** Events by any of `filters`, oldest first, each once. */
export function useTold(name: string, filters: Filter | readonly Filter[], enabled = true) {
  const list = 'topics' in filters ? [filters] : filters
  return useKept<Told>(
    `${name}/${JSON.stringify(list)}`,
    async (node, from, to) => {
      const parts = await Promise.all(list.map((filter) => logsOf(node, filter, from, to)))
      return [...new Map(parts.flat().map((item) => [`${item.block}/${item.index}`, item])).values()].sort(inOrder)
    },
    enabled,
  )
}

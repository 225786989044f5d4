/** Follows the journal's open entries from block to block, whatever view is shown. */
import { useEffect } from 'react'
import { useChain } from '../chain/ChainProvider'
import { useStore } from '../store'
import { follow } from './follow'
import { amend, isOpen, journal } from './journal'

/** How soon an open entry is looked at again where no block comes. */
const AGAIN_MS = 3_000

export function JournalKeeper() {
  const { node, head } = useChain()
  const entries = useStore(journal)
  const open = entries.filter(
    (entry) => isOpen(entry) && entry.chainId === node.deployment.chainId && entry.callsId === undefined,
  )
  const ids = open.map(({ id, hash }) => `${id}/${hash ?? ''}`).join(',')
  useEffect(() => {
    if (!head) return
    const look = () => {
      for (const entry of open) {
        follow(node, entry, head.number).then(
          (change) => change && amend(entry.id, change),
          // A node that does not answer is asked again.
          () => undefined,
        )
      }
    }
    look()
    if (open.length === 0) return
    const again = setInterval(look, AGAIN_MS)
    return () => clearInterval(again)
    // The entries are read afresh whenever one of these changes.
  }, [node, head?.hash, ids])
  return null
}

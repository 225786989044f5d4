/** Asks the wallet what became of the batches it took (EIP-5792), from block to block. */
import { useEffect } from 'react'
import { useChain } from '../chain/ChainProvider'
import { statusOfBatch } from '../flow/send'
import { useStore } from '../store'
import { useWallet } from '../wallet/useWallet'
import { amend, isOpen, journal } from './journal'

/** How soon a wallet is asked again. */
const AGAIN_MS = 1_000

export function BatchKeeper() {
  const { node, head } = useChain()
  const { account, provider } = useWallet()
  const open = useStore(journal).filter(
    (entry) =>
      isOpen(entry) && entry.callsId !== undefined && entry.chainId === node.chain.id && entry.account === account,
  )
  const ids = open.map(({ id }) => id).join(',')
  useEffect(() => {
    if (ids === '') return
    const look = () => {
      for (const { id, callsId } of open) {
        provider()
          .then((wallet) => statusOfBatch(wallet, callsId!))
          .then(
            (change) => change && amend(id, change),
            // A wallet that does not answer is asked again.
            () => undefined,
          )
      }
    }
    look()
    const again = setInterval(look, AGAIN_MS)
    return () => clearInterval(again)
    // The entries are read afresh whenever one of these changes.
  }, [head?.hash, ids, provider])
  return null
}

/** The journal of an account on this chain, newest first. */
import { useChain } from '../chain/ChainProvider'
import { useStore } from '../store'
import { text } from '../texts'
import { Empty } from '../ui/parts'
import { journal } from './journal'
import cssParts from '../ui/parts.module.css'

export function Activity({ account }: { account: string }) {
  const { node } = useChain()
  const entries = useStore(journal).filter(
    (entry) => entry.chainId === node.chain.id && entry.account.toLowerCase() === account.toLowerCase(),
  )
  if (entries.length === 0) return <Empty>{text.wallet.noActivity}</Empty>
  return (
    <ul className={cssParts.activity}>
      {entries.map((entry) => (
        <li key={entry.id}>
          <span>{entry.label}</span>
          <span className={cssParts.tag} data-state={entry.state}>
            {text.state[entry.state]}
            {entry.spedUp && `, ${text.state.spedUp}`}
          </span>
        </li>
      ))}
    </ul>
  )
}

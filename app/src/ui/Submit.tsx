/** The button of a form: what stands between the person and the act is what it offers first. */
import { useState } from 'react'
import { useChain } from '../chain/ChainProvider'
import { explain } from '../chain/explain'
import { text } from '../texts'
import { useConnectDialog } from '../wallet/ConnectProvider'
import { useWallet } from '../wallet/useWallet'
import cssButton from './button.module.css'
import cssField from './fields.module.css'
import cssText from './text.module.css'

export function Submit({
  label,
  disabled = false,
  quiet = false,
}: {
  label: string
  disabled?: boolean
  quiet?: boolean
}) {
  const { node, down } = useChain()
  const { account, wrongChain, switchChain } = useWallet()
  const connect = useConnectDialog()
  const [problem, setProblem] = useState<string>()
  const look = quiet
    ? `${cssButton.button} ${cssButton.wide}`
    : `${cssButton.button} ${cssButton.primary} ${cssButton.wide}`
  if (!account) {
    return (
      <button type="button" className={look} onClick={connect}>
        {text.wallet.connect}
      </button>
    )
  }
  if (wrongChain) {
    const switched = () =>
      switchChain().then(
        () => setProblem(undefined),
        (error) => setProblem(explain(error).message),
      )
    return (
      <>
        <button type="button" className={look} onClick={() => void switched()}>
          {text.wallet.wrongChain(node.chain.name)}
        </button>
        {problem && (
          <p className={cssText.problem} role="alert">
            {problem}
          </p>
        )}
      </>
    )
  }
  return (
    <button type="submit" className={look} disabled={disabled || down}>
      {label}
    </button>
  )
}

/** A form that does not reload the page. */
export const Form = ({ onSubmit, children }: { onSubmit: () => void; children: React.ReactNode }) => (
  <form
    className={cssField.form}
    noValidate
    onSubmit={(event) => {
      event.preventDefault()
      onSubmit()
    }}
  >
    {children}
  </form>
)

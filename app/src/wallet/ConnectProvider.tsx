/** The dialog in which a person chooses a wallet among those that announced themselves. */
import { createContext, useCallback, useContext, useState, type ReactNode } from 'react'
import { useConnect, useConnectors } from 'wagmi'
import { text } from '../texts'
import { Dialog } from '../ui/Dialog'
import cssButton from '../ui/button.module.css'
import cssConnect from './ConnectProvider.module.css'
import cssText from '../ui/text.module.css'

const Context = createContext<(() => void) | undefined>(undefined)

export function useConnectDialog(): () => void {
  const open = useContext(Context)
  if (!open) throw new Error('there is no ConnectProvider')
  return open
}

/** Pictures come from wallets: only images within their announcement, never an address to fetch. */
const iconOf = (icon: string | undefined): string | undefined => (icon?.startsWith('data:image/') ? icon : undefined)

const REJECTED = 4001

export function ConnectProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false)
  const { mutate, error, isPending, reset } = useConnect()
  const connectors = useConnectors()
  const show = useCallback(() => {
    reset()
    setOpen(true)
  }, [reset])
  const rejected = error && 'code' in error && error.code === REJECTED
  return (
    <Context value={show}>
      {children}
      {open && (
        <Dialog title={text.wallet.choose} onClose={() => setOpen(false)}>
          {connectors.length === 0 && <p>{text.wallet.none}</p>}
          <ul className={cssConnect.wallets}>
            {connectors.map((connector) => (
              <li key={connector.uid}>
                <button
                  type="button"
                  className={`${cssButton.button} ${cssButton.wide} ${cssConnect.wallet}`}
                  disabled={isPending}
                  onClick={() => mutate({ connector }, { onSuccess: () => setOpen(false) })}
                >
                  {iconOf(connector.icon) && <img src={iconOf(connector.icon)} alt="" width="24" height="24" />}
                  {connector.name}
                </button>
              </li>
            ))}
          </ul>
          {error && (
            <p className={cssText.problem} role="alert">
              {rejected ? text.wallet.reject : text.wallet.failed}
            </p>
          )}
        </Dialog>
      )}
    </Context>
  )
}

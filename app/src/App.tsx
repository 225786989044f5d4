import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useDisconnect } from 'wagmi'
import { useChain, useReading } from './chain/ChainProvider'
import { useFlows } from './flow/FlowProvider'
import { isFinished } from './flow/flow'
import { shortAddress } from './format'
import { Activity } from './journal/Activity'
import { hrefOf, useRoute, VIEWS, type View } from './route'
import { SettingsDialog } from './SettingsDialog'
import { text } from './texts'
import { Dialog } from './ui/Dialog'
import { Copy, Notice } from './ui/parts'
import { Credit } from './views/Credit'
import { Mint } from './views/Mint'
import { Overview } from './views/Overview'
import { Stake } from './views/Stake'
import { useConnectDialog } from './wallet/ConnectProvider'
import { useWallet } from './wallet/useWallet'
import cssApp from './App.module.css'
import cssButton from './ui/button.module.css'
import cssLayout from './ui/layout.module.css'
import cssParts from './ui/parts.module.css'
import cssText from './ui/text.module.css'

// The views that most people open later come in pieces of their own.
const Leases = lazy(() => import('./views/Leases').then(({ Leases }) => ({ default: Leases })))
const Keys = lazy(() => import('./views/Keys').then(({ Keys }) => ({ default: Keys })))
const History = lazy(() => import('./views/History').then(({ History }) => ({ default: History })))
const Operator = lazy(() => import('./views/Operator').then(({ Operator }) => ({ default: Operator })))

const PAGES: Record<View, React.ComponentType> = {
  overview: Overview,
  stake: Stake,
  mint: Mint,
  credit: Credit,
  leases: Leases,
  keys: Keys,
  history: History,
  operator: Operator,
}

export function App() {
  const { view } = useRoute()
  const reading = useReading()
  const Page = PAGES[view]
  const main = useRef<HTMLElement>(null)
  const first = useRef(true)
  useEffect(() => {
    document.title = `${text.nav[view]} · ${text.name}`
    // A reader's place moves with the view, but not at the first one.
    if (!first.current) main.current?.focus()
    first.current = false
  }, [view])
  return (
    <>
      <a
        className={cssApp.skip}
        href="#main"
        onClick={(event) => {
          event.preventDefault()
          main.current?.focus()
        }}
      >
        {text.skip}
      </a>
      <Header view={view} />
      <Banners />
      <main id="main" className={cssApp.main} ref={main} tabIndex={-1} aria-busy={reading}>
        <Suspense fallback={<p className={cssParts.empty}>{text.common.loading}</p>}>
          <Page />
        </Suspense>
      </main>
    </>
  )
}

function Header({ view }: { view: View }) {
  const { head, node, down } = useChain()
  const { account } = useWallet()
  const connect = useConnectDialog()
  const [dialog, setDialog] = useState<'settings' | 'account'>()
  return (
    <header className={cssApp.top}>
      <div className={cssApp.topRow}>
        <a href="#/" className={cssApp.mark} aria-label={text.name}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M6 4h6a8 8 0 0 1 0 16H6z" />
          </svg>
          <span>{text.name}</span>
        </a>
        <div className={cssApp.topTools}>
          <span className={cssApp.chain} data-down={down} data-block={head?.number.toString()}>
            <span className={cssApp.chainDot} aria-hidden="true" />
            <span className={cssApp.chainName}>{node.chain.name}</span>
            {head && <span className={cssApp.chainBlock}>{text.common.block(head.number)}</span>}
          </span>
          <button
            type="button"
            className={`${cssButton.button} ${cssButton.quiet} ${cssButton.icon}`}
            aria-label={text.settings.title}
            onClick={() => setDialog('settings')}
          >
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M2 4.5h7m3 0h2M2 11.5h2m3 0h7" />
              <circle cx="10.5" cy="4.5" r="1.5" />
              <circle cx="5.5" cy="11.5" r="1.5" />
            </svg>
          </button>
          {account ? (
            <button type="button" className={cssButton.button} onClick={() => setDialog('account')}>
              <span className={cssText.hidden}>{text.wallet.account} </span>
              <span className={cssText.mono}>{shortAddress(account)}</span>
            </button>
          ) : (
            <button type="button" className={`${cssButton.button} ${cssButton.primary}`} onClick={connect}>
              {text.wallet.connect}
            </button>
          )}
        </div>
      </div>
      <nav className={cssApp.nav} aria-label={text.nav.label}>
        <ul>
          {VIEWS.map((name) => (
            <li key={name}>
              <a href={hrefOf(name)} aria-current={name === view ? 'page' : undefined}>
                {text.nav[name]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {dialog === 'settings' && <SettingsDialog onClose={() => setDialog(undefined)} />}
      {dialog === 'account' && account && <AccountDialog account={account} onClose={() => setDialog(undefined)} />}
    </header>
  )
}

function AccountDialog({ account, onClose }: { account: string; onClose: () => void }) {
  const { walletName } = useWallet()
  const { mutate: disconnect } = useDisconnect()
  return (
    <Dialog title={text.wallet.account} onClose={onClose}>
      <p className={`${cssText.mono} ${cssText.wholeAddress}`}>{account}</p>
      <div className={cssLayout.row}>
        {walletName && <span className={cssText.muted}>{text.wallet.connectedBy(walletName)}</span>}
        <span className={cssLayout.rowEnd}>
          <Copy value={account} />
          <button
            type="button"
            className={`${cssButton.button} ${cssButton.small}`}
            onClick={() => {
              disconnect({})
              onClose()
            }}
          >
            {text.wallet.disconnect}
          </button>
        </span>
      </div>
      <h3>{text.wallet.activity}</h3>
      <Activity account={account} />
    </Dialog>
  )
}

function Banners() {
  const { down, head } = useChain()
  const { flow, open } = useFlows()
  return (
    <div className={cssApp.banners}>
      <div role="status">{down && <Notice kind="bad">{text.node.down(head?.number)}</Notice>}</div>
      {flow && !isFinished(flow) && (
        <section className={`${cssParts.notice} ${cssApp.unfinished}`} aria-label={text.flow.unfinishedLabel}>
          <span>{text.flow.unfinished(flow.title)}</span>
          <button type="button" className={`${cssButton.button} ${cssButton.small}`} onClick={open}>
            {text.flow.resume}
          </button>
        </section>
      )}
    </div>
  )
}

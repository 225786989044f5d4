import './styles/tokens.css'
import './styles/base.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { WagmiProvider } from 'wagmi'
import { App } from './App'
import { ChainProvider } from './chain/ChainProvider'
import { openNode } from './chain/node'
import { loadConfig, type Config } from './config'
import { FlowProvider } from './flow/FlowProvider'
import { BatchKeeper } from './journal/BatchKeeper'
import { JournalKeeper } from './journal/JournalKeeper'
import { applyTheme, settings } from './settings'
import { text } from './texts'
import { ConnectProvider } from './wallet/ConnectProvider'
import { walletsOf } from './wallet/wagmi'
import cssApp from './App.module.css'
import cssText from './ui/text.module.css'

applyTheme(settings.get())
settings.subscribe(() => applyTheme(settings.get()))

const root = createRoot(document.getElementById('page')!)

function show(config: Config) {
  const { chainId, nodes } = settings.get()
  const deployment = config.deployments.find((item) => item.chainId === chainId) ?? config.deployments[0]!
  const node = openNode(deployment, nodes[deployment.chainId])
  root.render(
    <WagmiProvider config={walletsOf(node)}>
      <QueryClientProvider client={new QueryClient()}>
        <ChainProvider config={config} node={node}>
          <ConnectProvider>
            <JournalKeeper />
            <BatchKeeper />
            <FlowProvider>
              <App />
            </FlowProvider>
          </ConnectProvider>
        </ChainProvider>
      </QueryClientProvider>
    </WagmiProvider>,
  )
}

const refuse = (error: unknown) =>
  root.render(
    <main className={cssApp.broken}>
      <h1>{text.config.title}</h1>
      <p>{text.config.body}</p>
      <p className={cssText.problem}>{error instanceof Error ? error.message : String(error)}</p>
    </main>,
  )

loadConfig().then(show, refuse)

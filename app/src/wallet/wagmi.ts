/** Wallets in the browser, found by EIP-6963. */
import { createConfig, createStorage, http, type Config } from 'wagmi'
import type { Node } from '../chain/node'

export const walletsOf = (node: Node): Config =>
  createConfig({
    chains: [node.chain],
    transports: { [node.chain.id]: http(node.rpcUrl) },
    multiInjectedProviderDiscovery: true,
    storage: createStorage({ storage: localStorage, key: 'diem.wallet' }),
  })

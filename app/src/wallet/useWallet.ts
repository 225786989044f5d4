/** The connected wallet, and what is asked of it. All of it is EIP-1193; reads of the chain never come this way. */
import { useCallback } from 'react'
import type { Address, Hex } from 'viem'
import { numberToHex } from 'viem'
import { useConnection } from 'wagmi'
import { useChain } from '../chain/ChainProvider'

export type Provider = { request: (asked: { method: string; params?: unknown }) => Promise<unknown> }

/** EIP-3085 and its many wallets: the chain is not known, at the top or wrapped. */
const isUnknownChain = (error: unknown): boolean => {
  const { code, data } = (error ?? {}) as { code?: unknown; data?: { originalError?: { code?: unknown } } }
  return code === 4902 || data?.originalError?.code === 4902
}

export function useWallet() {
  const { node } = useChain()
  const { address, chainId, connector, status } = useConnection()
  const provider = useCallback(async (): Promise<Provider> => {
    const found = await connector?.getProvider()
    if (!found) throw new Error('no wallet is connected')
    return found as Provider
  }, [connector])
  const switchChain = useCallback(async () => {
    const wallet = await provider()
    const { chain, rpcUrl } = node
    const id = numberToHex(chain.id)
    try {
      await wallet.request({ method: 'wallet_switchEthereumChain', params: [{ chainId: id }] })
    } catch (error) {
      if (!isUnknownChain(error)) throw error
      const { name, nativeCurrency } = chain
      const added = { chainId: id, chainName: name, nativeCurrency, rpcUrls: [rpcUrl] }
      await wallet.request({ method: 'wallet_addEthereumChain', params: [added] })
      await wallet.request({ method: 'wallet_switchEthereumChain', params: [{ chainId: id }] })
    }
  }, [provider, node])
  return {
    account: address,
    status,
    wrongChain: address !== undefined && chainId !== node.chain.id,
    walletName: connector?.name,
    provider,
    switchChain,
  }
}

export type Wallet = ReturnType<typeof useWallet>

/** The account and chain of a wallet as it says them now, not as they were told last. */
export async function stateOf(wallet: Provider): Promise<{ account: Address | undefined; chainId: number }> {
  const [accounts, chainId] = await Promise.all([
    wallet.request({ method: 'eth_accounts' }) as Promise<Address[]>,
    wallet.request({ method: 'eth_chainId' }) as Promise<Hex>,
  ])
  return { account: accounts[0], chainId: Number(chainId) }
}

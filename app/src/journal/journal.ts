/** What this browser asked wallets to send: one entry for each chain, account and nonce. */
import type { Address, Hex } from 'viem'
import { persisted } from '../store'

/**
 * - `asked`: the wallet has been asked and has not answered.
 * - `sent`: it gave a hash; no block has the nonce yet.
 * - `done`, `reverted`: a block has this act, under the first hash or a later one with other fees.
 * - `cancelled`: a block has an empty transaction to oneself under its nonce.
 * - `replaced`: a block has something else under its nonce.
 * - `rejected`: it was never sent.
 */
export type State = 'asked' | 'sent' | 'done' | 'reverted' | 'cancelled' | 'replaced' | 'rejected'

export type Entry = {
  id: string
  chainId: number
  account: Address
  nonce: number
  to: Address
  data: Hex
  label: string
  state: State
  /** Block before which it cannot be. */
  fromBlock: bigint
  /** In milliseconds since 1970, by this machine's clock. */
  askedAt: number
  /** The hash that counts: the last one known. */
  hash?: Hex
  /** It went again with other fees. */
  spedUp?: boolean
  block?: bigint
  /** Why it reverted, in words. */
  reason?: string
  /** EIP-5792: the wallet's name of a batch, instead of a nonce's transaction. */
  callsId?: string
}

const MOST_ENTRIES = 200

export const journal = persisted<Entry[]>('diem.journal', [])

export const entryId = (chainId: number, account: Address, nonce: number | string): string =>
  `${chainId}:${account}:${nonce}`

export const isOpen = ({ state }: Entry): boolean => state === 'asked' || state === 'sent'

/** Writes an entry, in the place of an older one under the same nonce. */
export function record(entry: Entry): void {
  journal.set((entries) => [entry, ...entries.filter(({ id }) => id !== entry.id)].slice(0, MOST_ENTRIES))
}

/** Changes an entry that is still open. One that has ended stays as it is. */
export function amend(id: string, change: Partial<Entry>): void {
  journal.set((entries) => entries.map((entry) => (entry.id === id && isOpen(entry) ? { ...entry, ...change } : entry)))
}

export const entryOf = (id: string): Entry | undefined => journal.get().find((entry) => entry.id === id)

/** Waits until an entry has ended. */
export function ended(id: string): Promise<Entry> {
  return new Promise((resolve) => {
    const look = () => {
      const entry = entryOf(id)
      if (!entry || isOpen(entry)) return
      stop()
      resolve(entry)
    }
    const stop = journal.subscribe(look)
    look()
  })
}

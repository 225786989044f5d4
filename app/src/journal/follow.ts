/** What became of a transaction, from the chain alone: never from a wallet's word. */
import { getBlock, getTransaction, getTransactionCount, getTransactionReceipt } from 'viem/actions'
import { TransactionReceiptNotFoundError, type Hex } from 'viem'
import type { Node } from '../chain/node'
import type { Entry } from './journal'

/** How far back a taken nonce is looked for. */
const MOST_BLOCKS = 2_000n

/** The nonce's transaction as a block has it. */
type Mined = { hash: Hex; to: string | null; input: Hex; value: bigint }

/** What is to be changed in an open entry as of block `head`; nothing while its nonce is free. */
export async function follow(node: Node, entry: Entry, head: bigint): Promise<Partial<Entry> | undefined> {
  const [known, count] = await Promise.all([
    entry.hash ? receiptOf(node, entry.hash) : undefined,
    getTransactionCount(node.client, { address: entry.account, blockNumber: head }),
  ])
  if (known) return ending(known)
  if (count <= entry.nonce) return undefined
  const mined = await takerOf(node, entry, head)
  // The block is further back than anybody looks: the act did not happen as far as can be told.
  if (!mined) return entry.state === 'asked' ? { state: 'rejected' } : { state: 'replaced' }
  if (isSame(entry, mined)) {
    const receipt = await receiptOf(node, mined.hash)
    const spedUp = entry.hash !== undefined && entry.hash !== mined.hash
    return receipt && { ...ending(receipt), hash: mined.hash, ...(spedUp && { spedUp }) }
  }
  // What the wallet never said it sent was not replaced: the nonce simply went elsewhere.
  if (entry.state === 'asked') return { state: 'rejected' }
  return { state: isCancellation(entry, mined) ? 'cancelled' : 'replaced', hash: mined.hash }
}

type Receipt = { status: 'success' | 'reverted'; blockNumber: bigint }

async function receiptOf(node: Node, hash: Hex): Promise<Receipt | undefined> {
  try {
    return await getTransactionReceipt(node.client, { hash })
  } catch (error) {
    if (error instanceof TransactionReceiptNotFoundError) return undefined
    throw error
  }
}

const ending = ({ status, blockNumber }: Receipt): Partial<Entry> => ({
  state: status === 'success' ? 'done' : 'reverted',
  block: blockNumber,
})

const isSame = ({ to, data }: Entry, mined: Mined): boolean =>
  mined.to?.toLowerCase() === to.toLowerCase() && mined.input === data && mined.value === 0n

const isCancellation = ({ account }: Entry, mined: Mined): boolean =>
  mined.to?.toLowerCase() === account.toLowerCase() && mined.input === '0x'

/** The transaction that took an entry's nonce, by halving the blocks between asking and now. */
async function takerOf(node: Node, { account, nonce, fromBlock }: Entry, head: bigint): Promise<Mined | undefined> {
  const oldest = head > MOST_BLOCKS ? head - MOST_BLOCKS : 0n
  let low = fromBlock > oldest ? fromBlock : oldest
  let high = head
  while (low < high) {
    const middle = (low + high) / 2n
    const count = await getTransactionCount(node.client, { address: account, blockNumber: middle })
    if (count > nonce) high = middle
    else low = middle + 1n
  }
  const { transactions } = await getBlock(node.client, { blockNumber: low, includeTransactions: true })
  return transactions.find((item) => item.from.toLowerCase() === account.toLowerCase() && item.nonce === nonce)
}

/** The nonce under which a wallet sent, which may differ from the one that was expected. */
export async function nonceOf(node: Node, hash: Hex): Promise<number | undefined> {
  try {
    return (await getTransaction(node.client, { hash })).nonce
  } catch {
    return undefined
  }
}

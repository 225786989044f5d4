/** One step of a flow: simulate, ask the wallet, note it in the journal. */
import { encodeFunctionData, hexToNumber, numberToHex, parseSignature, toHex, type Address, type Hex } from 'viem'
import { estimateGas, getTransactionCount, simulateContract } from 'viem/actions'
import { addressOf, callOf, type Act } from '../chain/contracts'
import { readerAt, type Node } from '../chain/node'
import { amend, entryId, record } from '../journal/journal'
import { nonceOf } from '../journal/follow'
import type { Provider } from '../wallet/useWallet'
import type { Permit } from './flow'

/** One part in this many of the estimate is added: the price of the parent chain's data moves between blocks. */
const GAS_MARGIN = 4n
/** How long a permit can be used, in seconds of the chain's time. */
const PERMIT_VALID = 1_800n

export type Place = { node: Node; account: Address; head: { number: bigint; timestamp: bigint } }

/** Refuses, with the contract's own error, what the contract would refuse. */
export const simulate = ({ node, account }: Place, act: Act): Promise<unknown> =>
  simulateContract(node.client, { ...callOf(node.deployment, act), account })

/**
 * Refuses, with the token's own error, where staking could not take `amount` VVV. Asked before signatures whose act
 * cannot be simulated yet: a permit, an approval, a batch.
 */
export const simulatePull = (place: Place, amount: bigint): Promise<unknown> =>
  simulate(place, {
    contract: 'vvv',
    functionName: 'transfer',
    args: [addressOf(place.node.deployment, 'sVvv'), amount],
  })

/**
 * Asks the wallet for a transaction. Tells the journal entry's id before the wallet is asked, so that a reload under
 * the wallet's question finds it, and resolves to it once the transaction is sent.
 */
export async function send(
  place: Place,
  wallet: Provider,
  act: Act,
  label: string,
  asked: (id: string) => void,
): Promise<string> {
  const { node, account, head } = place
  const { address: to, abi, functionName, args } = callOf(node.deployment, act)
  const data = encodeFunctionData({ abi, functionName, args })
  const [nonce, estimate] = await Promise.all([
    getTransactionCount(node.client, { address: account, blockTag: 'pending' }),
    estimateGas(node.client, { account, to, data }),
  ])
  const gas = numberToHex(estimate + estimate / GAS_MARGIN)
  const chainId = node.chain.id
  const id = entryId(chainId, account, nonce)
  const entry = {
    id,
    chainId,
    account,
    nonce,
    to,
    data,
    label,
    state: 'asked' as const,
    fromBlock: head.number,
    askedAt: Date.now(),
  }
  record(entry)
  asked(id)
  let hash: Hex
  try {
    hash = (await wallet.request({ method: 'eth_sendTransaction', params: [{ from: account, to, data, gas }] })) as Hex
  } catch (error) {
    amend(id, { state: 'rejected' })
    throw error
  }
  const used = (await nonceOf(node, hash)) ?? nonce
  if (used === nonce) {
    amend(id, { state: 'sent', hash })
    return id
  }
  // The wallet chose another nonce than the node expected, so the entry belongs elsewhere.
  amend(id, { state: 'rejected' })
  const moved = { ...entry, id: entryId(chainId, account, used), nonce: used, state: 'sent' as const, hash }
  record(moved)
  return moved.id
}

/** Asks for a permit of exactly `amount` VVV to sVVV. */
export async function signPermit({ node, account, head }: Place, wallet: Provider, value: bigint): Promise<Permit> {
  const read = readerAt(node, head.number)
  const [domain, nonce] = await Promise.all([read('vvv', 'eip712Domain'), read('vvv', 'nonces', account)])
  const [, name, version, chainId, verifyingContract] = domain
  const deadline = head.timestamp + PERMIT_VALID
  const spender = addressOf(node.deployment, 'sVvv')
  const asked = {
    types: {
      EIP712Domain: [
        { name: 'name', type: 'string' },
        { name: 'version', type: 'string' },
        { name: 'chainId', type: 'uint256' },
        { name: 'verifyingContract', type: 'address' },
      ],
      Permit: [
        { name: 'owner', type: 'address' },
        { name: 'spender', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    primaryType: 'Permit',
    domain: { name, version, chainId: Number(chainId), verifyingContract },
    message: {
      owner: account,
      spender,
      value: value.toString(),
      nonce: nonce.toString(),
      deadline: deadline.toString(),
    },
  }
  const signature = (await wallet.request({
    method: 'eth_signTypedData_v4',
    params: [account, JSON.stringify(asked)],
  })) as Hex
  const { r, s, yParity } = parseSignature(signature)
  return { deadline, v: 27 + yParity, r, s }
}

/** Whether the wallet can send several calls as one, all or nothing (EIP-5792). */
export async function canBatch(wallet: Provider, account: Address, chainId: number): Promise<boolean> {
  const chain = numberToHex(chainId)
  try {
    const answer = (await wallet.request({ method: 'wallet_getCapabilities', params: [account, [chain]] })) as Record<
      string,
      { atomic?: { status?: string } } | undefined
    >
    return ['supported', 'ready'].includes(answer[chain]?.atomic?.status ?? '')
  } catch {
    // A wallet that does not know the question cannot.
    return false
  }
}

/**
 * Asks for a batch under a name of our own, so that a reload under the wallet's question finds it. Tells the journal
 * entry's id before the wallet is asked, and resolves to it once the batch is sent.
 */
export async function sendBatch(
  place: Place,
  wallet: Provider,
  acts: Act[],
  label: string,
  asked: (id: string) => void,
): Promise<string> {
  const { node, account, head } = place
  const calls = acts.map((act) => {
    const { address: to, abi, functionName, args } = callOf(node.deployment, act)
    return { to, data: encodeFunctionData({ abi, functionName, args }), value: '0x0' }
  })
  const chainId = node.chain.id
  const callsId = toHex(crypto.getRandomValues(new Uint8Array(32)))
  const id = entryId(chainId, account, callsId)
  const { to, data } = calls.at(-1)!
  const entry = { id, chainId, account, nonce: -1, to, data, label, fromBlock: head.number, askedAt: Date.now() }
  record({ ...entry, state: 'asked', callsId })
  asked(id)
  const chain = { chainId: numberToHex(chainId), atomicRequired: true }
  const batch = { version: '2.0.0', id: callsId, from: account, ...chain, calls }
  try {
    const answer = (await wallet.request({ method: 'wallet_sendCalls', params: [batch] })) as { id: string } | string
    // A wallet may know it by another name.
    amend(id, { state: 'sent', callsId: typeof answer === 'string' ? answer : answer.id })
  } catch (error) {
    amend(id, { state: 'rejected' })
    throw error
  }
  return id
}

type CallsStatus = { status: number; receipts?: { status: Hex; blockNumber: Hex; transactionHash: Hex }[] }

/** What the wallet says became of a batch; its receipts are the chain's. Nothing while it is under way. */
export async function statusOfBatch(wallet: Provider, callsId: string) {
  const { status, receipts } = (await wallet.request({
    method: 'wallet_getCallsStatus',
    params: [callsId],
  })) as CallsStatus
  if (status < 200) return undefined
  const receipt = receipts?.at(-1)
  const done = status === 200 && receipts?.every((item) => hexToNumber(item.status) === 1)
  return {
    state: done ? ('done' as const) : ('reverted' as const),
    ...(receipt && { hash: receipt.transactionHash, block: BigInt(receipt.blockNumber) }),
  }
}

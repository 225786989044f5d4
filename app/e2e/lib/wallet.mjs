// A wallet as a page sees one: an EIP-1193 provider that announces itself by EIP-6963. It signs with viem's local
// accounts on this side, and has a switch for whatever a wallet or its owner may do.
import { viem } from '../../../bench/lib/tools.mjs'

const { createWalletClient, http, numberToHex } = viem

/** An error as EIP-1193 has it. */
const refusal = (code, message) => ({ code, message })

const ICON =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'><rect width='24' height='24' rx='6' fill='%23456'/></svg>"
const SIGNED = new Set(['eth_signTypedData_v4', 'personal_sign', 'eth_sendTransaction', 'wallet_sendCalls'])

export class Wallet {
  constructor(world, account) {
    this.world = world
    this.account = account
    /** Chain that the wallet is at, and those it knows. */
    this.chainId = world.chain.chainId
    this.known = new Set([world.chain.chainId])
    /** The person says no, from now on. */
    this.rejects = false
    /** What it answers instead of a signature, as an error of its own. */
    this.fails = undefined
    /** The page was let in. */
    this.authorized = false
    /** The wallet shows no account. */
    this.locked = false
    /** Methods that are never answered. */
    this.hangs = new Set()
    /** Another account signs messages in its stead. */
    this.signsAs = undefined
    /** EIP-5792. */
    this.batches = false
    /** Hashes that were sent, and methods that were asked for. */
    this.sent = []
    this.asked = []
    /** The last question that was never answered. */
    this.unanswered = undefined
    /** What it announces of itself. */
    this.info = { name: 'Test Wallet', icon: ICON }
    /** Hashes by the name of their batch. */
    this.calls = new Map()
  }

  /** Puts the provider into every document that the context opens. */
  async enter(context) {
    await context.exposeBinding('__wallet', async (_, request) => {
      try {
        return { result: await this.answer(request) }
      } catch (error) {
        return { error: { code: error.code ?? -32603, message: error.message ?? String(error), data: error.data } }
      }
    })
    await context.addInitScript(provider, this.info)
  }

  async tell(page, event, value) {
    await page.evaluate(([name, what]) => globalThis.__tellWallet(name, what), [event, value])
  }

  async useAccount(page, account) {
    this.account = account
    await this.tell(page, 'accountsChanged', [account.address])
  }

  accounts() {
    return this.locked || !this.authorized ? [] : [this.account.address]
  }

  async answer({ method, params = [] }) {
    this.asked.push(method)
    if (this.hangs.has(method)) {
      this.unanswered = { method, params }
      return new Promise(() => {})
    }
    switch (method) {
      case 'eth_accounts':
        return this.accounts()
      case 'eth_requestAccounts':
        if (this.rejects) throw refusal(4001, 'User rejected the request.')
        this.authorized = true
        return this.accounts()
      case 'eth_chainId':
        return numberToHex(this.chainId)
      case 'wallet_requestPermissions':
        return [{ parentCapability: 'eth_accounts' }]
      case 'wallet_revokePermissions':
        return null
      case 'wallet_switchEthereumChain': {
        const id = Number(params[0].chainId)
        if (!this.known.has(id)) throw refusal(4902, 'Unrecognized chain ID.')
        this.chainId = id
        return null
      }
      case 'wallet_addEthereumChain':
        this.known.add(Number(params[0].chainId))
        return null
      case 'wallet_getCapabilities':
        if (!this.batches) throw refusal(-32601, 'the method wallet_getCapabilities does not exist')
        return { [numberToHex(this.chainId)]: { atomic: { status: 'supported' } } }
      case 'wallet_getCallsStatus':
        return this.statusOf(params[0])
    }
    if (this.rejects) throw refusal(4001, 'User rejected the request.')
    if (this.fails) throw refusal(-32603, this.fails)
    switch (method) {
      case 'eth_signTypedData_v4': {
        const { EIP712Domain: _, ...types } = JSON.parse(params[1]).types
        return this.account.signTypedData({ ...JSON.parse(params[1]), types })
      }
      case 'personal_sign':
        return (this.signsAs ?? this.account).signMessage({ message: { raw: params[0] } })
      case 'eth_sendTransaction':
        return this.send(params[0])
      case 'wallet_sendCalls':
        return this.sendCalls(params[0])
    }
    throw refusal(-32601, `the method ${method} does not exist`)
  }

  /** How often it was asked to sign or send anything. */
  signatures() {
    return this.asked.filter((method) => SIGNED.has(method)).length
  }

  client() {
    return createWalletClient({
      account: this.account,
      chain: this.world.chain.walletClient.chain,
      transport: http(this.world.node.rpcUrl),
    })
  }

  async send({ to, data, value, nonce, gas, fees = {} }) {
    const hash = await this.client().sendTransaction({ to, data, value, nonce, gas: gas && BigInt(gas), ...fees })
    this.sent.push(hash)
    this.onSent?.()
    return hash
  }

  /** Replaces the last transaction under its nonce: the same with higher fees, or an empty one to oneself. */
  async replace(what = {}) {
    const { to, input, nonce, gas, maxFeePerGas, maxPriorityFeePerGas } =
      await this.world.chain.publicClient.getTransaction({
        hash: this.sent.at(-1),
      })
    const fees = { maxFeePerGas: maxFeePerGas * 2n, maxPriorityFeePerGas: maxPriorityFeePerGas * 2n + 1n }
    return this.send({ to, data: input, nonce, gas, fees, ...what })
  }

  speedUp = () => this.replace()
  cancel = () => this.replace({ to: this.account.address, data: '0x' })

  /**
   * All calls under the page's name for them. The account sends them one after the other, where a wallet would run them
   * as the account's own code (EIP-7702) in one transaction.
   */
  async sendCalls({ id, calls }) {
    const hashes = []
    for (const { to, data } of calls) {
      hashes.push(await this.client().sendTransaction({ to, data, gas: 10_000_000n }))
    }
    this.sent.push(...hashes)
    this.calls.set(id, hashes)
    this.onSent?.()
    return { id }
  }

  async statusOf(id) {
    const hashes = this.calls.get(id)
    if (!hashes) throw refusal(5730, 'unknown bundle id')
    const { publicClient } = this.world.chain
    const found = await Promise.all(
      hashes.map((hash) => publicClient.getTransactionReceipt({ hash }).catch(() => undefined)),
    )
    const mined = found.every((receipt) => receipt !== undefined)
    const receipts = found.flatMap((receipt) =>
      receipt
        ? [
            {
              status: numberToHex(receipt.status === 'success' ? 1 : 0),
              blockNumber: numberToHex(receipt.blockNumber),
              transactionHash: receipt.transactionHash,
            },
          ]
        : [],
    )
    const chainId = numberToHex(this.chainId)
    return { version: '2.0.0', id, chainId, status: mined ? 200 : 100, atomic: true, ...(mined && { receipts }) }
  }
}

/** Runs in the page. */
function provider(told) {
  const listeners = new Map()
  const wallet = {
    async request(asked) {
      const { result, error } = await globalThis.__wallet(asked)
      if (error) throw Object.assign(new Error(error.message), error)
      if (asked.method === 'wallet_switchEthereumChain')
        globalThis.__tellWallet('chainChanged', asked.params[0].chainId)
      return result
    },
    on(name, listener) {
      listeners.set(name, [...(listeners.get(name) ?? []), listener])
    },
    removeListener(name, listener) {
      listeners.set(
        name,
        (listeners.get(name) ?? []).filter((other) => other !== listener),
      )
    },
  }
  globalThis.__tellWallet = (name, value) => listeners.get(name)?.forEach((listener) => listener(value))
  const info = { uuid: 'b0f3a1de-6f2b-4c61-9a51-8d2c0f2a7c11', rdns: 'example.test-wallet', ...told }
  const announce = () =>
    dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider: wallet }) }))
  addEventListener('eip6963:requestProvider', announce)
  announce()
}

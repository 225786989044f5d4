// A dev node with the real contracts, of one test alone.
import { connect, startChain } from '../../../bench/lib/chain.mjs'
import { deployStylus, WAD } from '../../../bench/lib/design.mjs'
import { viem, viemAccounts } from '../../../bench/lib/tools.mjs'
import { configOf } from '../../scripts/config.mjs'

export { WAD }
export const CHAIN_ID = 412346
const ETH = '0x56bc75e2d63100000'

/** Puts code in VVV's place that answers false to every call. */
export const breakVvv = ({ chain, vvv }) => chain.rpc('anvil_setCode', [vvv.address, '0x60205ff3'])

/** Starts a node and deploys; resolves to what tests read, write and stop. */
export async function openWorld() {
  const node = await startChain('devnode', { chainId: CHAIN_ID })
  const chain = await connect(node.rpcUrl)
  const { record, vvv, sVvv, diem } = await deployStylus(chain)
  const [owner, gateway, other] = chain.accounts
  return {
    ...{ node, chain, record, vvv, sVvv, diem, owner, gateway, other, viem },
    config: configOf([record]),
    read: (contract, name, ...args) => chain.read(contract, name, args),
    write: (account, contract, functionName, ...args) => chain.act(account, { contract, functionName, args }),
    /** A new account with ETH and `vvv` VVV. */
    async person(amount = 0n) {
      const account = viemAccounts.privateKeyToAccount(viemAccounts.generatePrivateKey())
      await chain.rpc('anvil_setBalance', [account.address, ETH])
      if (amount > 0n) await this.write(account, vvv, 'mint', account.address, amount)
      return account
    },
    /** Stakes `amount` VVV of its own. */
    async stakeVvv(account, amount) {
      await this.write(account, vvv, 'mint', account.address, amount)
      await this.write(account, vvv, 'approve', sVvv.address, amount)
      await this.write(account, sVvv, 'stake', account.address, amount)
    },
    /** Has `diem` DIEM, minted with as much VVV as it takes. */
    async mintDiem(account, amount) {
      const cost = await chain.read(diem, 'previewMintExact', [amount])
      await this.stakeVvv(account, cost)
      await this.write(account, diem, 'mintExact', amount, cost)
    },
    stop: () => node.stop(),
  }
}

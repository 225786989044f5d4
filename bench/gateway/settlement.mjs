// Gas of a statement (`settleBatch`) for a line, by the number of lines in it.
import { WAD } from '../lib/design.mjs'
import { MNEMONIC } from '../lib/chain.mjs'
import { viemAccounts } from '../lib/tools.mjs'
import { pay, stage } from './ours.mjs'

/** Accounts of the mnemonic that no script uses otherwise. */
const FIRST_INDEX = 1_000

/** For each number of lines, the gas of a statement of them: [{lines, gas}]. */
export async function settlement(sizes) {
  const { chain, diem, owner, stop } = await stage()
  try {
    const gateway = chain.accounts[1]
    const crowd = Array.from({ length: sizes.reduce((sum, size) => sum + size, 0) }, (_, index) =>
      viemAccounts.mnemonicToAccount(MNEMONIC, { addressIndex: FIRST_INDEX + index }),
    )
    await chain.write(owner, diem, 'setGateway', [gateway.address, true])
    for (const member of crowd) {
      await pay(chain, member)
      await chain.write(owner, diem, 'transfer', [member.address, WAD])
      await chain.write(member, diem, 'chooseGateway', [gateway.address])
      await chain.write(member, diem, 'stake', [WAD])
    }
    const figures = []
    let from = 0
    for (const lines of sizes) figures.push({ lines, gas: await state(chain, diem, gateway, crowd.slice(from, (from += lines))) })
    return figures
  } finally {
    stop()
  }
}

/** States a tenth of a dollar for each; the gas of it. */
async function state(chain, diem, gateway, members) {
  const [epoch] = await chain.read(diem, 'lineOf', [members[0].address])
  const accounts = members.map(({ address }) => address)
  const used = members.map(() => WAD / 10n)
  const { gasUsed } = await chain.write(gateway, diem, 'settleBatch', [epoch, accounts, used])
  return Number(gasUsed)
}

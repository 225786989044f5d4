// A gateway of the world's own, which the person chose before staking.
import { startGateway } from './gateway.mjs'
import { WAD } from './world.mjs'

export async function served(world, account) {
  const gateway = await startGateway(world)
  const stop = world.stop
  world.stop = () => {
    gateway.stop()
    stop()
  }
  world.served = gateway
  await world.write(account, world.diem, 'chooseGateway', gateway.account.address)
  await world.mintDiem(account, 10n * WAD)
  await world.write(account, world.diem, 'stake', 10n * WAD)
}

/** Where the page finds it. */
export const servedBy = (world) => ({ [world.served.account.address]: world.served.url })

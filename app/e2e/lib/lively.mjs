// Something to show in every view.
import { WAD } from './world.mjs'

export const VIEWS = ['', 'stake', 'mint', 'credit', 'leases', 'keys', 'history', 'operator']

export async function lively(world, account) {
  await world.write(world.owner, world.diem, 'setGateway', world.gateway.address, true)
  await world.write(account, world.diem, 'chooseGateway', world.gateway.address)
  await world.stakeVvv(account, 1_234_567n * WAD)
  await world.mintDiem(account, 20n * WAD)
  await world.write(account, world.diem, 'stake', 12n * WAD)
  await world.write(account, world.diem, 'lease', account.address, 3n * WAD, 30)
  await world.write(account, world.diem, 'initiateUnstake', WAD)
  await world.write(account, world.sVvv, 'initiateUnstake', WAD)
}

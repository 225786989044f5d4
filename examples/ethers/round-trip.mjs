// The whole life of a DIEM holder by the live interface alone, with ethers v6:
// stake VVV, claim, mint DIEM, stake it, compound, unstake, burn, and take the VVV home.
//
//   node ethers/round-trip.mjs [--deployment ../deployments/412346.json]
//
// A new wallet does all of it; the account of DIEM_PRIVATE_KEY (a dev account unless set) gives it ether. Needs a chain
// with evm_increaseTime and the VVV stand-in, whose faucet is open. Every number is checked to the last wei; the exit
// code is 1 when one is wrong.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Contract, JsonRpcProvider, Network, NonceManager, Wallet, formatEther, parseEther } from 'ethers'

const DAY = 86_400
const SCALE = 10n ** 36n
const STAKE = parseEther('10000')
const LOCK = parseEther('4000')
/** First account of the mnemonic that every dev node serves; worth nothing elsewhere. */
const DEV_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'

const STAKING_ABI = [
  'function stake(address recipient, uint256 amount)',
  'function claim()',
  'function claimAndStake()',
  'function mintDiem(uint256 sVVVAmountToLock, uint256 minDiemAmountOut)',
  'function burnDiem(uint256 diemAmountToBurn)',
  'function initiateUnstake(uint256 amount)',
  'function finalizeUnstake()',
  'function balanceOf(address account) view returns (uint256)',
  'function balanceOfUnlocked(address user) view returns (uint256)',
  'function stakes(address user) view returns (uint256 rewardDebt, uint256 cooldownEnd, uint256 cooldownAmount)',
  'function lockedStakes(address user) view returns (uint256 sVVVLockedAmount, uint256 outstandingDiemAmount)',
  'function getDiemAmountOut(uint256 sVVVAmountToLock) view returns (uint256)',
  'function pendingRewards(address user) view returns (uint256)',
  'function accRewardPerShare() view returns (uint256)',
]
const DIEM_ABI = [
  'function stake(uint256 amount)',
  'function initiateUnstake(uint256 amount)',
  'function unstake()',
  'function balanceOf(address account) view returns (uint256)',
  'function stakedInfos(address account) view returns (uint256 amountStaked, uint256 coolDownEnd, uint256 coolDownAmount)',
]
const VVV_ABI = [
  'function mint(address to, uint256 amount)',
  'function approve(address spender, uint256 amount) returns (bool)',
  'function balanceOf(address account) view returns (uint256)',
]

const { values } = parseArgs({ options: { deployment: { type: 'string', default: '../deployments/412346.json' } } })
const deployment = JSON.parse(readFileSync(values.deployment, 'utf8'))
const network = Network.from(deployment.chainId)
const provider = new JsonRpcProvider(deployment.rpcUrl, network, {
  staticNetwork: network,
  pollingInterval: 50,
  cacheTimeout: -1,
  batchMaxCount: 1,
})
const wallet = Wallet.createRandom().connect(provider)
const user = new NonceManager(wallet)
const funder = new Wallet(process.env.DIEM_PRIVATE_KEY ?? DEV_KEY, provider)
const vvv = new Contract(deployment.vvv, VVV_ABI, user)
const staking = new Contract(deployment.sVvv, STAKING_ABI, user)
const diem = new Contract(deployment.diem, DIEM_ABI, user)

/** Sends `contract[name](...args)` with the gas that ethers estimates and resolves to the block it was mined in. */
async function send(contract, name, ...args) {
  const sent = await contract[name](...args)
  const receipt = await sent.wait()
  assert.equal(receipt.status, 1, `${name} failed`)
  return receipt.blockNumber
}

const warp = async (days) => {
  await provider.send('evm_increaseTime', [days * DAY])
  await provider.send('evm_mine', [])
}
const refused = (contract, name, ...args) =>
  assert.rejects(contract[name].staticCall(...args), (error) => error.code === 'CALL_EXCEPTION')
/** The reward index that a transaction left behind. */
const indexAt = (blockTag) => staking.accRewardPerShare({ blockTag })
const say = (what, amount, unit) => console.log(`${what.padEnd(36)} ${formatEther(amount)} ${unit}`)
const same = (actual, expected) => assert.deepEqual([...actual], expected)

// A new wallet with ether and VVV.
await (await funder.sendTransaction({ to: wallet.address, value: parseEther('1') })).wait()
await send(vvv, 'mint', wallet.address, STAKE)

// Stake.
await send(vvv, 'approve', deployment.sVvv, STAKE)
const staked = await indexAt(await send(staking, 'stake', wallet.address, STAKE))
assert.equal(await staking.balanceOf(wallet.address), STAKE)
assert.equal(await vvv.balanceOf(wallet.address), 0n)
say('staked', STAKE, 'VVV')

// A month of rewards.
await warp(30)
const claimed = await indexAt(await send(staking, 'claim'))
const earned = STAKE * (claimed - staked)
assert.equal(await vvv.balanceOf(wallet.address), earned / SCALE)
assert.ok(earned > 0n, 'no rewards: is the reserve funded?')
say('claimed after 30 days', earned / SCALE, 'VVV')

// Mint exactly what was quoted; a wei more as minimum is refused.
const quote = await staking.getDiemAmountOut(LOCK)
await refused(staking, 'mintDiem', LOCK, quote + 1n)
const minted = await indexAt(await send(staking, 'mintDiem', LOCK, quote))
assert.equal(await diem.balanceOf(wallet.address), quote)
same(await staking.lockedStakes(wallet.address), [LOCK, quote])
assert.equal(await staking.balanceOfUnlocked(wallet.address), STAKE - LOCK)
say(`minted by locking ${formatEther(LOCK)} sVVV`, quote, 'DIEM')

// Stake the DIEM: a dollar of credit a day each.
await send(diem, 'stake', quote)
same(await diem.stakedInfos(wallet.address), [quote, 0n, 0n])
assert.equal(await diem.balanceOf(wallet.address), 0n)
say('staked', quote, 'DIEM')

// A week later: free sVVV earned all of its yield, locked sVVV 80% of it. A fraction of a wei was kept at the claim.
await warp(7)
const compounded = await indexAt(await send(staking, 'claimAndStake'))
const free = (earned % SCALE) + STAKE * (minted - claimed) + (STAKE - LOCK) * (compounded - minted)
const locked = (((LOCK * (compounded - minted)) / SCALE) * 4n) / 5n
const compound = free / SCALE + locked
const total = STAKE + compound
assert.equal(await staking.balanceOf(wallet.address), total)
say('compounded after 7 days', compound, 'VVV')

// Unstake the DIEM: one day.
await send(diem, 'initiateUnstake', quote)
await refused(diem, 'unstake')
await warp(1)
await send(diem, 'unstake')
same(await diem.stakedInfos(wallet.address), [0n, 0n, 0n])
assert.equal(await diem.balanceOf(wallet.address), quote)
say('unstaked after a day', quote, 'DIEM')

// Burn a quarter at one's own average, rounded down, and then all that is left.
const part = quote / 4n
await send(staking, 'burnDiem', part)
same(await staking.lockedStakes(wallet.address), [LOCK - (part * LOCK) / quote, quote - part])
await send(staking, 'burnDiem', quote - part)
same(await staking.lockedStakes(wallet.address), [0n, 0n])
assert.equal(await staking.balanceOfUnlocked(wallet.address), total)
assert.equal(await diem.balanceOf(wallet.address), 0n)
say('burned, everything unlocked', quote, 'DIEM')

// Take it all home: seven days.
await send(staking, 'initiateUnstake', total)
assert.equal((await staking.stakes(wallet.address)).cooldownAmount, total)
await refused(staking, 'finalizeUnstake')
await warp(7)
const before = await vvv.balanceOf(wallet.address)
await send(staking, 'finalizeUnstake')
assert.equal(await vvv.balanceOf(wallet.address), before + total)
await send(staking, 'claim')
assert.equal(await staking.pendingRewards(wallet.address), 0n)
say('unstaked after 7 days', total, 'VVV')
console.log('every number as expected')
provider.destroy()

// The whole life of a DIEM holder by the live interface alone, with viem:
// stake VVV, claim, mint DIEM, stake it, compound, unstake, burn, and take the VVV home.
//
//   node viem/round-trip.mjs [--deployment ../deployments/412346.json]
//
// A new wallet does all of it; the account of DIEM_PRIVATE_KEY (a dev account unless set) gives it ether. Needs a chain
// with evm_increaseTime and the VVV stand-in, whose faucet is open. Every number is checked to the last wei; the exit
// code is 1 when one is wrong.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createPublicClient, createWalletClient, defineChain, formatEther, http, parseAbi, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'

const DAY = 86_400
const SCALE = 10n ** 36n
const STAKE = parseEther('10000')
const LOCK = parseEther('4000')
/** First account of the mnemonic that every dev node serves; worth nothing elsewhere. */
const DEV_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'

const STAKING_ABI = parseAbi([
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
])
const DIEM_ABI = parseAbi([
  'function stake(uint256 amount)',
  'function initiateUnstake(uint256 amount)',
  'function unstake()',
  'function balanceOf(address account) view returns (uint256)',
  'function stakedInfos(address account) view returns (uint256 amountStaked, uint256 coolDownEnd, uint256 coolDownAmount)',
])
const VVV_ABI = parseAbi([
  'function mint(address to, uint256 amount)',
  'function approve(address spender, uint256 amount) returns (bool)',
  'function balanceOf(address account) view returns (uint256)',
])

const { values } = parseArgs({ options: { deployment: { type: 'string', default: '../deployments/412346.json' } } })
const deployment = JSON.parse(readFileSync(values.deployment, 'utf8'))
const vvv = { address: deployment.vvv, abi: VVV_ABI }
const staking = { address: deployment.sVvv, abi: STAKING_ABI }
const diem = { address: deployment.diem, abi: DIEM_ABI }

const chain = defineChain({
  id: deployment.chainId,
  name: `chain ${deployment.chainId}`,
  nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  rpcUrls: { default: { http: [deployment.rpcUrl] } },
})
const transport = http(deployment.rpcUrl)
const client = createPublicClient({ chain, transport, pollingInterval: 50, cacheTime: 0 })
const user = privateKeyToAccount(generatePrivateKey())
const funder = privateKeyToAccount(process.env.DIEM_PRIVATE_KEY ?? DEV_KEY)
const wallet = createWalletClient({ account: user, chain, transport })

const read = (contract, functionName, args = [user.address], blockNumber) =>
  client.readContract({ ...contract, functionName, args, blockNumber })

/** Sends a call with the gas that viem estimates and resolves to the block it was mined in. */
async function send(contract, functionName, args = []) {
  const call = { account: user, ...contract, functionName, args }
  const { request } = await client.simulateContract(call)
  const receipt = await client.waitForTransactionReceipt({ hash: await wallet.writeContract(request) })
  assert.equal(receipt.status, 'success', `${functionName} failed`)
  return receipt.blockNumber
}

async function warp(days) {
  await client.request({ method: 'evm_increaseTime', params: [days * DAY] })
  await client.request({ method: 'evm_mine', params: [] })
}

const refused = (contract, functionName, args) =>
  assert.rejects(client.simulateContract({ account: user, ...contract, functionName, args }), /reverted/)
/** The reward index that a transaction left behind. */
const indexAt = (block) => read(staking, 'accRewardPerShare', [], block)
const say = (what, amount, unit) => console.log(`${what.padEnd(36)} ${formatEther(amount)} ${unit}`)

// A new wallet with ether and VVV.
await client.waitForTransactionReceipt({
  hash: await createWalletClient({ account: funder, chain, transport }).sendTransaction({
    to: user.address,
    value: parseEther('1'),
  }),
})
await send(vvv, 'mint', [user.address, STAKE])

// Stake.
await send(vvv, 'approve', [staking.address, STAKE])
const staked = await indexAt(await send(staking, 'stake', [user.address, STAKE]))
assert.equal(await read(staking, 'balanceOf'), STAKE)
assert.equal(await read(vvv, 'balanceOf'), 0n)
say('staked', STAKE, 'VVV')

// A month of rewards.
await warp(30)
const claimed = await indexAt(await send(staking, 'claim'))
const earned = STAKE * (claimed - staked)
assert.equal(await read(vvv, 'balanceOf'), earned / SCALE)
assert.ok(earned > 0n, 'no rewards: is the reserve funded?')
say('claimed after 30 days', earned / SCALE, 'VVV')

// Mint exactly what was quoted; a wei more as minimum is refused.
const quote = await read(staking, 'getDiemAmountOut', [LOCK])
await refused(staking, 'mintDiem', [LOCK, quote + 1n])
const minted = await indexAt(await send(staking, 'mintDiem', [LOCK, quote]))
assert.equal(await read(diem, 'balanceOf'), quote)
assert.deepEqual(await read(staking, 'lockedStakes'), [LOCK, quote])
assert.equal(await read(staking, 'balanceOfUnlocked'), STAKE - LOCK)
say(`minted by locking ${formatEther(LOCK)} sVVV`, quote, 'DIEM')

// Stake the DIEM: a dollar of credit a day each.
await send(diem, 'stake', [quote])
assert.deepEqual(await read(diem, 'stakedInfos'), [quote, 0n, 0n])
assert.equal(await read(diem, 'balanceOf'), 0n)
say('staked', quote, 'DIEM')

// A week later: free sVVV earned all of its yield, locked sVVV 80% of it. A fraction of a wei was kept at the claim.
await warp(7)
const compounded = await indexAt(await send(staking, 'claimAndStake'))
const free = (earned % SCALE) + STAKE * (minted - claimed) + (STAKE - LOCK) * (compounded - minted)
const locked = (((LOCK * (compounded - minted)) / SCALE) * 4n) / 5n
const compound = free / SCALE + locked
const total = STAKE + compound
assert.equal(await read(staking, 'balanceOf'), total)
say('compounded after 7 days', compound, 'VVV')

// Unstake the DIEM: one day.
await send(diem, 'initiateUnstake', [quote])
await refused(diem, 'unstake', [])
await warp(1)
await send(diem, 'unstake')
assert.deepEqual(await read(diem, 'stakedInfos'), [0n, 0n, 0n])
assert.equal(await read(diem, 'balanceOf'), quote)
say('unstaked after a day', quote, 'DIEM')

// Burn a quarter at one's own average, rounded down, and then all that is left.
const part = quote / 4n
await send(staking, 'burnDiem', [part])
assert.deepEqual(await read(staking, 'lockedStakes'), [LOCK - (part * LOCK) / quote, quote - part])
await send(staking, 'burnDiem', [quote - part])
assert.deepEqual(await read(staking, 'lockedStakes'), [0n, 0n])
assert.equal(await read(staking, 'balanceOfUnlocked'), total)
assert.equal(await read(diem, 'balanceOf'), 0n)
say('burned, everything unlocked', quote, 'DIEM')

// Take it all home: seven days.
await send(staking, 'initiateUnstake', [total])
assert.equal((await read(staking, 'stakes'))[2], total)
await refused(staking, 'finalizeUnstake', [])
await warp(7)
const before = await read(vvv, 'balanceOf')
await send(staking, 'finalizeUnstake')
assert.equal(await read(vvv, 'balanceOf'), before + total)
await send(staking, 'claim')
assert.equal(await read(staking, 'pendingRewards'), 0n)
say('unstaked after 7 days', total, 'VVV')
console.log('every number as expected')

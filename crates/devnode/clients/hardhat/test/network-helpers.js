const assert = require('node:assert/strict')
const { ethers, network } = require('hardhat')
const helpers = require('@nomicfoundation/hardhat-network-helpers')

const { loadFixture, time } = helpers
const FRIEND = '0x00000000000000000000000000000000000000f5'
const DAY = 86_400
const send = (method, params = []) => network.provider.send(method, params)
const head = () => ethers.provider.getBlock('latest')

async function lockForADay() {
  const unlockTime = (await time.latest()) + DAY
  const lock = await ethers.deployContract('TimeLock', [unlockTime], { value: 5n })
  await lock.waitForDeployment()
  return { lock, unlockTime }
}

describe('hardhat-network-helpers', () => {
  it('count from the time of a fresh chain', async () => {
    await helpers.reset()
    const { lock, unlockTime } = await lockForADay()
    assert.equal(await lock.unlockTime(), BigInt(unlockTime))
  })

  it('time.increase moves the clock and makes a block', async () => {
    const before = await head()
    const stamp = await time.increase(1_000)
    assert.equal(stamp, before.timestamp + 1_000)
    assert.equal((await head()).number, before.number + 1)
    assert.equal((await head()).timestamp, stamp)
  })

  it('time.increaseTo takes a stamp and a date', async () => {
    const stamp = (await time.latest()) + 77
    await time.increaseTo(stamp)
    assert.equal(await time.latest(), stamp)
    await time.increaseTo(new Date((stamp + 23) * 1_000))
    assert.equal(await time.latest(), stamp + 23)
  })

  it('time.setNextBlockTimestamp counts for the next block', async () => {
    const stamp = (await time.latest()) + 500
    await time.setNextBlockTimestamp(stamp)
    const lock = await ethers.deployContract('TimeLock', [stamp + 1])
    await lock.waitForDeployment()
    assert.equal(await time.latest(), stamp)
  })

  it('a stamp in the past is refused', async () => {
    const past = (await time.latest()) - 1
    await assert.rejects(time.increaseTo(past))
    await assert.rejects(time.setNextBlockTimestamp(past))
  })

  it('durations are seconds', () => assert.equal(time.duration.days(2), 2 * DAY))

  it('mine makes blocks with a second between them, or what is asked for', async () => {
    const { number, timestamp } = await head()
    await helpers.mine()
    assert.equal(await time.latestBlock(), number + 1)
    await helpers.mine(3, { interval: 60 })
    assert.equal(await time.latestBlock(), number + 4)
    const [second, third] = await Promise.all([number + 3, number + 4].map((at) => ethers.provider.getBlock(at)))
    assert.equal(third.timestamp - second.timestamp, 60)
    assert.ok(second.timestamp > timestamp)
  })

  it('mine makes a thousand blocks', async () => {
    const number = await time.latestBlock()
    await helpers.mine(1_000)
    assert.equal(await time.latestBlock(), number + 1_000)
  })

  it('mineUpTo and time.advanceBlockTo end at a number', async () => {
    const number = await time.latestBlock()
    await helpers.mineUpTo(number + 3)
    assert.equal(await time.latestBlock(), number + 3)
    await time.advanceBlockTo(number + 5)
    assert.equal(await time.latestBlock(), number + 5)
    await assert.rejects(helpers.mineUpTo(number))
    await time.advanceBlock()
    assert.equal(await time.latestBlock(), number + 6)
  })

  describe('loadFixture', () => {
    let first
    it('deploys once', async () => {
      const { lock, unlockTime } = await loadFixture(lockForADay)
      first = { lock, block: await head() }
      await assert.rejects(lock.withdraw(), (error) => {
        const told = lock.interface.parseError(error.data ?? error.info?.error?.data)
        assert.equal(told.name, 'TooEarly')
        assert.equal(told.args.unlockTime, BigInt(unlockTime))
        return true
      })
      await time.increaseTo(unlockTime)
      await (await lock.withdraw()).wait()
      assert.equal(await ethers.provider.getBalance(lock), 0n)
    })
    it('goes back in state, number and time, again and again', async () => {
      for (let round = 0; round < 3; round += 1) {
        const { lock, unlockTime } = await loadFixture(lockForADay)
        assert.equal(await lock.getAddress(), await first.lock.getAddress())
        assert.equal(await ethers.provider.getBalance(lock), 5n)
        assert.equal((await head()).hash, first.block.hash)
        await time.increaseTo(unlockTime)
        const receipt = await (await lock.withdraw()).wait()
        assert.equal(lock.interface.parseLog(receipt.logs[0]).args.amount, 5n)
      }
    })
    it('works for two fixtures in turns', async () => {
      async function nothing() {
        return time.latestBlock()
      }
      const number = await loadFixture(nothing)
      await helpers.mine(2)
      assert.equal(await loadFixture(nothing), number)
      assert.equal(await time.latestBlock(), number)
      const { lock } = await loadFixture(lockForADay)
      assert.equal(await ethers.provider.getBalance(lock), 5n)
    })
    it('refuses a function without a name', () => assert.rejects(loadFixture(async () => {}), /[Aa]nonymous/))
  })

  it('takeSnapshot restores more than once', async () => {
    const snapshot = await helpers.takeSnapshot()
    const { hash } = await head()
    for (let round = 0; round < 2; round += 1) {
      await helpers.setBalance(FRIEND, 9n)
      await helpers.mine(2)
      await snapshot.restore()
      assert.equal((await head()).hash, hash)
      assert.equal(await ethers.provider.getBalance(FRIEND), 0n)
    }
  })

  it('setBalance, setNonce, setCode and setStorageAt are read back', async () => {
    await helpers.setBalance(FRIEND, 10n ** 18n)
    assert.equal(await ethers.provider.getBalance(FRIEND), 10n ** 18n)
    await helpers.setNonce(FRIEND, 7)
    assert.equal(await ethers.provider.getTransactionCount(FRIEND), 7)
    // SLOAD of slot 3, returned.
    await helpers.setCode(FRIEND, '0x6003545f5260205ff3')
    await helpers.setStorageAt(FRIEND, 3, 41)
    assert.equal(BigInt(await helpers.getStorageAt(FRIEND, 3)), 41n)
    assert.equal(BigInt(await ethers.provider.call({ to: FRIEND })), 41n)
  })

  it('impersonateAccount sends for anybody, until stopped', async () => {
    const someone = ethers.getAddress('0x00000000000000000000000000000000000000f6')
    await helpers.setBalance(someone, 10n ** 18n)
    await helpers.impersonateAccount(someone)
    const signer = await ethers.getSigner(someone)
    const receipt = await (await signer.sendTransaction({ to: FRIEND.replace('f5', 'f7'), value: 3n })).wait()
    assert.equal(receipt.from, someone)
    await helpers.stopImpersonatingAccount(someone)
    await assert.rejects(signer.sendTransaction({ to: FRIEND, value: 1n }))
  })

  it('setNextBlockBaseFeePerGas is the fee of one block', async () => {
    await helpers.setNextBlockBaseFeePerGas(3_000_000_000n)
    await helpers.mine()
    assert.equal((await head()).baseFeePerGas, 3_000_000_000n)
  })

  it('setCoinbase is the miner from then on', async () => {
    const miner = ethers.getAddress('0x00000000000000000000000000000000000000f8')
    await helpers.setCoinbase(miner)
    await helpers.mine()
    assert.equal((await head()).miner, miner)
  })

  it('dropTransaction takes a waiting transaction out', async () => {
    const [sender] = await ethers.getSigners()
    await send('evm_setAutomine', [false])
    try {
      const { hash } = await sender.sendTransaction({ to: FRIEND.replace('f5', 'f9'), value: 1n })
      assert.ok(await helpers.dropTransaction(hash))
      await helpers.mine()
      assert.equal(await ethers.provider.getTransactionReceipt(hash), null)
    } finally {
      await send('evm_setAutomine', [true])
    }
  })

  it('what is the same in every block of Arbitrum is refused by name', async () => {
    await assert.rejects(helpers.setBlockGasLimit(30_000_000), /evm_setBlockGasLimit.*2\^50/)
    await assert.rejects(helpers.setPrevRandao(5), /hardhat_setPrevRandao.*PREVRANDAO is 1/)
  })

  it('reset goes back to the genesis', async () => {
    await helpers.reset()
    assert.equal(await time.latestBlock(), 0)
    const { lock } = await lockForADay()
    assert.equal(await ethers.provider.getBalance(lock), 5n)
    await assert.rejects(helpers.reset('http://127.0.0.1:1'), /forks no other chain/)
  })
})

// Whether an estimate suffices whenever the transaction is sent: work in the pool depends on who touched it in the same second.
import assert from 'node:assert/strict'
import { viem } from './tools.mjs'

const DAY = 86_400

/**
 * Estimates an act ({contract, functionName, args}) in the second in which `touch` moves the pool and in the next one,
 * sends it later with exactly that limit, and rejects where the limit is too little. Leaves the chain as it was.
 */
export async function assertEstimateHolds(chain, account, { contract: { address, abi }, functionName, args }, touch) {
  const call = { to: address, data: viem.encodeFunctionData({ abi, functionName, args }) }
  const pin = (second) => chain.rpc('evm_setNextBlockTimestamp', [second])
  const busy = Number(await chain.now()) + 60
  for (const [estimated, sent] of [[0, 1], [1, 2], [0, DAY], [1, DAY]]) {
    const snapshot = await chain.rpc('evm_snapshot')
    try {
      await pin(busy)
      await touch()
      await pin(busy + estimated)
      const gas = BigInt(await chain.rpc('eth_estimateGas', [{ from: account.address, ...call }]))
      await pin(busy + sent)
      const hash = await chain.walletClient.sendTransaction({ account, ...call, gas })
      const { status } = await chain.publicClient.waitForTransactionReceipt({ hash })
      assert.ok(status === 'success', `${functionName}: estimated ${gas} gas at ${estimated} s, sent at ${sent} s`)
    } finally {
      await chain.rpc('evm_revert', [snapshot])
    }
  }
}

// Takes the wall clock out of a chain: every block is stamped from one start on, so that a run is the same every day.

/** 2033-05-18, later than any wall clock that a node may start with. */
const START = 2_000_000_000
export const BLOCK_TIME = 12

/**
 * Gives `chain` a clock that only moves as told: `send` by one block time, `act` by the seconds asked for. `time` can
 * be set back after evm_revert.
 */
export function steadyClock(chain) {
  let time = START
  const stamped = async (step, send) => {
    time += step
    await chain.rpc('evm_setNextBlockTimestamp', [time])
    return send()
  }
  const { act, send } = chain
  Object.defineProperty(chain, 'time', { get: () => time, set: (value) => (time = value) })
  return Object.assign(chain, {
    send: (...args) => stamped(BLOCK_TIME, () => send(...args)),
    act: (account, call, wait = BLOCK_TIME) => stamped(wait, () => act(account, call)),
  })
}

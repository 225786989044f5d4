/** The time for countdowns, in seconds, once a second. */
import { useEffect, useMemo, useState } from 'react'
import { useChain } from '../chain/ChainProvider'

const machine = (): bigint => BigInt(Math.floor(Date.now() / 1000))

/** The machine's clock, put forward where the chain is ahead of it, as a dev node's may be. */
export function useSecond(): bigint {
  const { head } = useChain()
  const ahead = useMemo(() => {
    const by = head ? head.timestamp - machine() : 0n
    return by > 0n ? by : 0n
  }, [head])
  const [second, setSecond] = useState(machine)
  useEffect(() => {
    const timer = setInterval(() => setSecond(machine()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return second + ahead
}

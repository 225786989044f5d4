/** The machine's clock, in seconds, once a second. For countdowns; the chain's time is its head's. */
import { useEffect, useState } from 'react'

const now = (): bigint => BigInt(Math.floor(Date.now() / 1000))

export function useSecond(): bigint {
  const [second, setSecond] = useState(now)
  useEffect(() => {
    const timer = setInterval(() => setSecond(now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return second
}

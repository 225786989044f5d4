/** All gateways that were ever registered, by the events, with whether they still are. */
import { useMemo } from 'react'
import { diemAbi } from '@abi'
import { encodeEventTopics, type Address } from 'viem'
import { useTold } from './useTold'

export type Gateway = { address: Address; allowed: boolean }

export function useGateways(): Gateway[] | undefined {
  const [topic] = encodeEventTopics({ abi: diemAbi, eventName: 'GatewaySet' })
  const told = useTold('gateways', { contracts: ['diem'], topics: [topic!] })
  return useMemo(() => {
    if (!told) return undefined
    const known = new Map<Address, boolean>()
    for (const { args } of told) known.set(args.gateway as Address, args.allowed as boolean)
    return [...known].map(([address, allowed]) => ({ address, allowed }))
  }, [told])
}

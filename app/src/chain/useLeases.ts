/** The leases of an account: found by the events, read from the contract. */
import { useMemo } from 'react'
import { diemAbi } from '@abi'
import { encodeEventTopics, numberToHex, pad, zeroAddress, type Address, type Hex } from 'viem'
import { useReads } from './ChainProvider'
import { all } from './node'
import { useTold } from './useTold'

export type Lease = {
  id: bigint
  lessor: Address
  lessee: Address
  amount: bigint
  /** First day and the day after the last, in days since 1970. */
  start: bigint
  end: bigint
  allowance: bigint
  used: bigint
  gateway: Address
  nextGateway: Address
}

const topicOf = (eventName: 'LeaseOpened' | 'LeaseTransferred' | 'LeaseSettled'): Hex =>
  encodeEventTopics({ abi: diemAbi, eventName })[0]!

/** The open leases that an account gave or holds. */
export function useLeases(account: Address | undefined): Lease[] | undefined {
  const who = pad(account ?? zeroAddress, { size: 32 })
  const [opened, handed] = [topicOf('LeaseOpened'), topicOf('LeaseTransferred')]
  const told = useTold(
    'leases',
    [
      { contracts: ['diem'], topics: [opened, null, who] },
      { contracts: ['diem'], topics: [[opened, handed], null, null, who] },
    ],
    account !== undefined,
  )
  const ids = useMemo(() => told && [...new Set(told.map(({ args }) => args.id as bigint))], [told])
  return useReads(
    'leases',
    [account, ids?.join()],
    async (read) => {
      const leases = await Promise.all(
        ids!.map(async (id): Promise<Lease> => {
          const { lease, line } = await all({
            lease: read('diem', 'leaseOf', id),
            line: read('diem', 'leaseLineOf', id),
          })
          const [lessor, lessee, amount, start, end] = lease
          const [, allowance, used, gateway, , nextGateway] = line
          return { id, lessor, lessee, amount, start, end, allowance, used, gateway, nextGateway }
        }),
      )
      // A closed lease is all zeros, and one that was handed on is somebody else's.
      return leases.filter(({ lessor, lessee }) => lessor === account || lessee === account)
    },
    account !== undefined && ids !== undefined,
  )
}

/** A lease as it was given; the holder is the first one. `used` is all that was ever settled on it. */
export type Given = Pick<Lease, 'id' | 'lessee' | 'amount' | 'start' | 'end' | 'used'>

/** All leases that an account ever gave, from the events alone, oldest first. */
export function useGiven(account: Address | undefined): Given[] | undefined {
  const who = pad(account ?? zeroAddress, { size: 32 })
  const opened = useTold(
    'given',
    { contracts: ['diem'], topics: [topicOf('LeaseOpened'), null, who] },
    account !== undefined,
  )
  const ids = opened?.map(({ args }) => numberToHex(args.id as bigint, { size: 32 })) ?? []
  const settled = useTold(
    'given-settled',
    { contracts: ['diem'], topics: [topicOf('LeaseSettled'), ids] },
    ids.length > 0,
  )
  return useMemo(() => {
    if (!opened || (ids.length > 0 && !settled)) return undefined
    const used = usedOf(settled ?? [])
    return opened.map(({ args }) => {
      const { id, lessee, amount, startEpoch, endEpoch } = args as Record<string, bigint> & { lessee: Address }
      return { id: id!, lessee, amount: amount!, start: startEpoch!, end: endEpoch!, used: used.get(id!) ?? 0n }
    })
  }, [opened, settled])
}

/** What was settled by lease. A later statement of a day holds the earlier ones. */
function usedOf(settled: readonly { args: Record<string, unknown> }[]): Map<bigint, bigint> {
  const days = new Map(settled.map(({ args }) => [`${String(args.id)}/${String(args.epoch)}`, args]))
  const used = new Map<bigint, bigint>()
  for (const { id, used: stated } of days.values())
    used.set(id as bigint, (used.get(id as bigint) ?? 0n) + (stated as bigint))
  return used
}

/** Dollars that a lease has given up to day `epoch`, today's whole allowance included. */
export function givenUntil({ amount, start, end }: Pick<Lease, 'amount' | 'start' | 'end'>, epoch: bigint): bigint {
  if (epoch < start) return 0n
  return amount * ((epoch < end ? epoch + 1n : end) - start)
}

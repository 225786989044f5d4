/** What an account did and what happened to it, from the events alone. */
import { pad, type Address } from 'viem'
import type { Filter, Told } from './chain/logs'
import { amountText, dayText } from './format'

export type Kind = 'staking' | 'minting' | 'credit' | 'leases' | 'transfers'

const KINDS: Record<string, Kind> = {
  'sVvv/Staked': 'staking',
  'sVvv/UnstakeInitiated': 'staking',
  'sVvv/UnstakeFinalized': 'staking',
  'sVvv/Claimed': 'staking',
  'sVvv/RewardsFunded': 'staking',
  'diem/Minted': 'minting',
  'diem/Burned': 'minting',
  'diem/YieldClaimed': 'minting',
  'sVvv/Locked': 'minting',
  'sVvv/Unlocked': 'minting',
  'sVvv/LockedYieldPaid': 'minting',
  'diem/FeesCollected': 'minting',
  'diem/Staked': 'credit',
  'diem/UnstakeInitiated': 'credit',
  'diem/Unstaked': 'credit',
  'diem/CreditsSettled': 'credit',
  'diem/GatewayChosen': 'credit',
  'diem/LeaseOpened': 'leases',
  'diem/LeaseTransferred': 'leases',
  'diem/LeaseSettled': 'leases',
  'diem/LeaseGatewayChosen': 'leases',
  'diem/LeaseClosed': 'leases',
  'diem/Transfer': 'transfers',
  'sVvv/Transfer': 'transfers',
}

export const kindOf = ({ contract, name }: Told): Kind | undefined => KINDS[`${contract}/${name}`]

/** An account is in the first, second or third indexed field of an event. */
export function filtersOf(account: Address): Filter[] {
  const who = pad(account, { size: 32 })
  const contracts = ['sVvv', 'diem'] as const
  return [
    { contracts, topics: [null, who] },
    { contracts, topics: [null, null, who] },
    { contracts, topics: [null, null, null, who] },
  ]
}

/** Amounts have 18 decimals, but for these. */
const EPOCHS = new Set(['epoch', 'fromEpoch', 'startEpoch', 'endEpoch'])

export function valueText(field: string, value: unknown): string {
  if (typeof value !== 'bigint') return String(value)
  if (field === 'id') return value.toString()
  return EPOCHS.has(field) ? dayText(value) : amountText(value)
}

const quoted = (cell: string): string => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** One line for each event: exact values, amounts in wei. */
export function csvOf(told: readonly Told[], times: ReadonlyMap<bigint, bigint>): string {
  const head = ['block', 'time', 'transaction', 'log', 'contract', 'event', 'fields']
  const lines = told.map(({ block, transaction, index, contract, name, args }) => {
    const time = times.get(block)
    const fields = Object.entries(args).map(([field, value]) => `${field}=${String(value)}`)
    return [
      block.toString(),
      time === undefined ? '' : new Date(Number(time) * 1000).toISOString(),
      transaction,
      index.toString(),
      contract,
      name,
      fields.join(' '),
    ]
  })
  return [head, ...lines].map((line) => `${line.map(quoted).join(',')}\r\n`).join('')
}

/** The three contracts with the ABI that `scripts/export-abi` writes. */
import { diemAbi, stakedVvvAbi, vvvAbi } from '@abi'
import type { Abi, Address } from 'viem'
import type { Deployment } from '../config'

export const ABI = { vvv: vvvAbi, sVvv: stakedVvvAbi, diem: diemAbi } as const
export type ContractName = keyof typeof ABI
export const CONTRACT_NAMES = Object.keys(ABI) as ContractName[]

/** A call of one of the contracts: what is simulated, signed, shown and kept. */
export type Act = { contract: ContractName; functionName: string; args: readonly unknown[] }

export const addressOf = (deployment: Deployment, name: ContractName): Address => deployment[name]

/** Every error of the three: a contract hands on what the one behind it refused with. */
const ERRORS: Abi = CONTRACT_NAMES.flatMap((name) => (ABI[name] as Abi).filter(({ type }) => type === 'error'))

/** An act as viem takes it. */
export const callOf = (deployment: Deployment, { contract, functionName, args }: Act) => ({
  address: addressOf(deployment, contract),
  abi: [...(ABI[contract] as Abi), ...ERRORS],
  functionName,
  args,
})

/** An intent of one or more steps. It is kept, so that a reload finds it where it stood. */
import type { Address, Hex } from 'viem'
import type { Act } from '../chain/contracts'
import { persisted } from '../store'

export type Step =
  /** A signature that lets sVVV pull exactly `amount`: no transaction. */
  | { kind: 'permit'; amount: bigint }
  /** An allowance of exactly `amount` to sVVV, never more. */
  | { kind: 'approve'; amount: bigint }
  /** A transaction. */
  | { kind: 'act'; act: Act; label: string }
  /** `stakeWithPermit`, with the signature of the step before. */
  | { kind: 'stakeSigned'; recipient: Address; amount: bigint }
  /** EIP-5792: an exact approval and the stake, all or nothing, in one signature. */
  | { kind: 'batch'; recipient: Address; amount: bigint }

export type Permit = { deadline: bigint; v: number; r: Hex; s: Hex }

export type Flow = {
  id: string
  chainId: number
  account: Address
  title: string
  /** Lines of the preview, as they were when the person said yes. */
  summary: [term: string, value: string][]
  steps: Step[]
  /** The step that is next; as many as there are steps when all are done. */
  at: number
  /** Journal entry of the step that is under way. */
  entry?: string
  permit?: Permit
}

/** At most one for each chain and account. */
export const flows = persisted<Flow[]>('diem.flows', [])

const isOf = (chainId: number, account: Address) => (flow: Flow) =>
  flow.chainId === chainId && flow.account.toLowerCase() === account.toLowerCase()

export const flowOf = (all: Flow[], chainId: number, account: Address | undefined): Flow | undefined =>
  account && all.find(isOf(chainId, account))

export const put = (flow: Flow): void =>
  flows.set((all) => [flow, ...all.filter((other) => !isOf(flow.chainId, flow.account)(other))])

export function change(id: string, change: Partial<Flow>): void {
  flows.set((all) => all.map((flow) => (flow.id === id ? { ...flow, ...change } : flow)))
}

export const drop = (id: string): void => flows.set((all) => all.filter((flow) => flow.id !== id))

export const currentOf = (id: string): Flow | undefined => flows.get().find((flow) => flow.id === id)

export const isFinished = (flow: Flow): boolean => flow.at >= flow.steps.length

export const stakeAct = (recipient: Address, amount: bigint): Act => ({
  contract: 'sVvv',
  functionName: 'stake',
  args: [recipient, amount],
})

/** The same intent in other steps, from its beginning. */
const anew = ({ permit: _, entry: __, ...flow }: Flow, stepsOf: (step: Step) => Step[]): Flow => ({
  ...flow,
  steps: flow.steps.flatMap(stepsOf),
  at: 0,
})

/** The same intent without a signature: what is left is an exact approval and the stake itself. */
export const approveInstead = (flow: Flow): Flow =>
  anew(flow, (step) => {
    if (step.kind === 'permit') return [{ kind: 'approve', amount: step.amount }]
    if (step.kind !== 'stakeSigned') return [step]
    return [{ kind: 'act', act: stakeAct(step.recipient, step.amount), label: flow.title }]
  })

/** The same intent for a wallet that sends several calls as one. */
export const inOneBatch = (flow: Flow): Flow =>
  anew(flow, (step) => {
    if (step.kind === 'permit') return []
    return [step.kind === 'stakeSigned' ? { ...step, kind: 'batch' } : step]
  })

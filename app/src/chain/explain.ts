/** Why something failed, sorted by whose answer it was. Texts of others are carried as text, never as markup. */
import { BaseError, ContractFunctionRevertedError, RpcRequestError } from 'viem'
import { text } from '../texts'
import { isLost } from './node'

export type Problem = {
  /** The contract refused, the person rejected, the node or the wallet failed, or something else did. */
  kind: 'refused' | 'rejected' | 'node' | 'wallet'
  message: string
}

const LONGEST = 240
/** EIP-1193: the person said no. */
const USER_REJECTED = 4001

const clipped = (message: string): string => (message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message)

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined

export function explain(error: unknown): Problem {
  if (error instanceof BaseError) {
    const revert = error.walk((cause) => cause instanceof ContractFunctionRevertedError)
    if (revert instanceof ContractFunctionRevertedError) return { kind: 'refused', message: refusal(revert) }
    if (isLost(error)) return { kind: 'node', message: text.problem.node }
    const answered = error.walk((cause) => cause instanceof RpcRequestError)
    if (answered instanceof RpcRequestError) return { kind: 'node', message: clipped(answered.details) }
    return { kind: 'node', message: clipped(error.shortMessage) }
  }
  if (codeOf(error) === USER_REJECTED) return { kind: 'rejected', message: text.problem.rejected }
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
  return { kind: 'wallet', message: text.problem.wallet(clipped(message)) }
}

function refusal({ data, reason, signature }: ContractFunctionRevertedError): string {
  if (!data) return text.problem.unknownRevert(reason ?? signature ?? '')
  const words = (text.errors as Record<string, ((...args: never[]) => string) | undefined>)[data.errorName]
  return words ? words(...((data.args ?? []) as never[])) : text.problem.unknownRevert(data.errorName)
}

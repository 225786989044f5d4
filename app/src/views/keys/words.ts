import { explain } from '../../chain/explain'
import { GatewayError } from '../../gateway'

export const wordsOf = (error: unknown): string =>
  error instanceof GatewayError ? error.message : explain(error).message

/** Dollars as the gateway writes them: exact decimals, with or without a sign. */
export const dollars = (amount: string | null | undefined): string => `$${(amount ?? '0').replace(/^-/, '')}`

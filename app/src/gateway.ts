/** The gateway's doors: keys for a wallet's signature, and what was used. Its texts are carried as text. */
import { httpUrl } from './config'
import { parseAmount } from './format'
import { text } from './texts'

/** The gateway refuses or does not answer, in words for a person. */
export class GatewayError extends Error {}

const LONGEST = 240

/**
 * JSON with every number as the text it was written as: dollars have up to 18 decimals, which no floating point
 * number holds.
 */
export function parseExact(json: string): unknown {
  const quoted = json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (part) =>
    part.startsWith('"') ? part : `"${part}"`,
  )
  return JSON.parse(quoted)
}

type Asked = { method?: string; path: string; key?: string; body?: object }

async function ask<T>(url: string, { method = 'GET', path, key, body }: Asked): Promise<T> {
  let response: Response
  let answer: string
  try {
    response = await fetch(`${httpUrl(url, '')}/api/v1${path}`, {
      method,
      headers: { ...(key && { authorization: `Bearer ${key}` }), ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      credentials: 'omit',
    })
    answer = await response.text()
  } catch {
    throw new GatewayError(text.keys.unreachable)
  }
  let parsed: unknown
  try {
    parsed = parseExact(answer)
  } catch {
    throw new GatewayError(text.keys.says(`HTTP ${response.status}`))
  }
  if (response.ok) return parsed as T
  const { error } = parsed as { error?: { message?: unknown } }
  const message = typeof error?.message === 'string' ? error.message : `HTTP ${response.status}`
  throw new GatewayError(text.keys.says(message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message))
}

export type Key = {
  id: string
  apiKey?: string
  apiKeyType: string
  description: string
  last6Chars: string
  createdAt: string
  lastUsedAt: string | null
  consumptionLimit: { usd: string | null }
  currentPeriodUsage?: { usd: string | null }
  line: string
}

export type Wish = { admin: boolean; description: string; limit: string; lease?: string }

const EPOCH = 'EPOCH'

/** The text that the wallet is to sign (EIP-4361). */
export const keyText = async (url: string, account: string): Promise<string> =>
  (await ask<{ data: { token: string } }>(url, { path: `/api_keys/generate_web3_key?address=${account}` })).data.token

/** The limit goes as a text, so that no digit is lost. */
const limitOf = (limit: string) => ({ consumptionLimit: limit === '' ? null : { usd: limit }, limitPeriod: EPOCH })

export async function makeKey(
  url: string,
  signed: { address: string; signature: string; token: string },
  wish: Wish,
): Promise<Key> {
  const { admin, description, limit, lease } = wish
  const body = {
    ...signed,
    apiKeyType: admin ? 'ADMIN' : 'INFERENCE',
    description,
    ...(limit !== '' && limitOf(limit)),
    ...(lease !== undefined && { lease: Number(lease) }),
  }
  return (await ask<{ data: Key }>(url, { method: 'POST', path: '/api_keys/generate_web3_key', body })).data
}

export const listKeys = async (url: string, key: string): Promise<Key[]> =>
  (await ask<{ data: Key[] }>(url, { path: '/api_keys', key })).data

export const limitKey = (url: string, key: string, id: string, limit: string): Promise<unknown> =>
  ask(url, { method: 'PATCH', path: '/api_keys', key, body: { id, ...limitOf(limit) } })

export const revokeKey = (url: string, key: string, id: string): Promise<unknown> =>
  ask(url, { method: 'DELETE', path: `/api_keys?id=${encodeURIComponent(id)}`, key })

export type Sum = {
  date: string
  model: string
  keyId: string
  requests: string
  promptTokens: string
  completionTokens: string
  /** Negative: it was taken. */
  amount: string
}

export const usageOf = async (url: string, key: string): Promise<Sum[]> =>
  (await ask<{ data: Sum[] }>(url, { path: '/billing/usage?by=day', key })).data

export const modelsOf = async (url: string): Promise<string[]> =>
  (await ask<{ data: { id: string }[] }>(url, { path: '/models' })).data.map(({ id }) => id)

export type DaySum = {
  day: string
  model: string
  requests: bigint
  prompt: bigint
  completion: bigint
  /** Dollars, WAD. */
  cost: bigint
}

/** Usage of all keys together, newest day first. */
export function byDayAndModel(sums: readonly Sum[]): DaySum[] {
  const all = new Map<string, DaySum>()
  for (const { date, model, requests, promptTokens, completionTokens, amount } of sums) {
    const day = date.slice(0, 10)
    const parsed = parseAmount(amount.replace(/^-/, ''))
    const now = all.get(`${day}/${model}`) ?? { day, model, requests: 0n, prompt: 0n, completion: 0n, cost: 0n }
    all.set(`${day}/${model}`, {
      day,
      model,
      requests: now.requests + BigInt(requests),
      prompt: now.prompt + BigInt(promptTokens),
      completion: now.completion + BigInt(completionTokens),
      cost: now.cost + ('value' in parsed ? parsed.value : 0n),
    })
  }
  return [...all.values()].sort((a, b) => b.day.localeCompare(a.day) || a.model.localeCompare(b.model))
}

/** The gateway's account on chain, as it says itself. */
export async function accountOf(url: string): Promise<string> {
  const response = await fetch(`${httpUrl(url, '')}/readyz`, { credentials: 'omit' })
  const { gateway } = (await response.json()) as { gateway?: unknown }
  if (typeof gateway !== 'string') throw new GatewayError(text.keys.unreachable)
  return gateway
}

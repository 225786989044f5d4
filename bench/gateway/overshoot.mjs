// How far parallel requests pass a budget.
const PARALLEL = 100
/** Tries one after the other once the parallel ones are over, so that what is told late is told. */
const AFTERWARDS = 100
const PAUSE_MS = 100
/** A model takes its time, so that all are under way before the first is answered. */
const DELAY_MS = 1_000
/** Dollars a million tokens. */
const MILLION = 1_000_000

/**
 * 100 requests at once, then one after the other until one is refused. Resolves to {served, spent, later, total}:
 * answers and dollars of the first, answers and all dollars at the end.
 */
export async function overshoot({ base, key }, { model, price }) {
  const ask = (delayMs) => cost({ base, key }, { model, price, delayMs })
  const spent = await Promise.all(Array.from({ length: PARALLEL }, () => ask(DELAY_MS)))
  const served = spent.filter((dollars) => dollars > 0)
  const later = []
  for (let tries = 0; tries < AFTERWARDS; tries++) {
    const dollars = await ask(0)
    if (dollars === 0) break
    later.push(dollars)
    await new Promise((done) => setTimeout(done, PAUSE_MS))
  }
  return { served: served.length, spent: sum(served), later: later.length, total: sum([...served, ...later]) }
}

export const DESCRIPTION = { parallel: PARALLEL, delayMs: DELAY_MS, afterwards: AFTERWARDS }

/** Dollars of one answer by the usage that it tells; 0 for a refusal. */
async function cost({ base, key }, { model, price, delayMs }) {
  const response = await fetch(`${base}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({
      model,
      max_tokens: 16,
      messages: [{ role: 'user', content: 'How long is the coast of Norway?' }],
      stand_in: { delay_ms: delayMs },
    }),
  })
  const text = await response.text()
  if (!response.ok) {
    if (![402, 429].includes(response.status)) throw new Error(`${base}: ${response.status} ${text}`)
    return 0
  }
  const { usage } = JSON.parse(text)
  return (usage.prompt_tokens * price.input + usage.completion_tokens * price.output) / MILLION
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)

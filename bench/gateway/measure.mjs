// Everything measured in one run, beside each other: the same stand-in, the same load.
import { ledgerLoad, load } from './load.mjs'
import { litellm, version as litellmVersion } from './litellm.mjs'
import { ours, stage, standIn } from './ours.mjs'
import { overshoot } from './overshoot.mjs'
import { postgres } from './postgres.mjs'
import { settlement } from './settlement.mjs'

export const CONNECTIONS = [1, 8, 32]
/** Lines of a statement. */
export const STATEMENTS = [1, 10, 100]
/** A worker for each of the two cores; all else as LiteLLM has it by default. */
export const WORKERS = 2
/** Dollars a day of the line that passes its budget, and of the one that never does. */
export const BUDGET = 1
const PLENTY = 1_000
/** Dollars for a million tokens: one of usual price, one that makes a request cost some cents. */
export const MODELS = { 'stand-in': { input: 0.5, output: 1.5 }, dear: { input: 1_000, output: 1_500 } }
/** Requests before the first figure. */
const WARM = 300
export const LEDGER_CLIENTS = 64

const median = (list, of) => list.toSorted((a, b) => of(a) - of(b))[Math.floor(list.length / 2)]

/** @param say tells what is being done, with figures. */
export async function measure(folder, { seconds, rounds, requests, peerRequests, say }) {
  const set = await stage()
  const server = await postgres(folder)
  const upstream = await standIn(folder)
  const asked = { upstream: upstream.base, models: MODELS }
  const sqlite = { name: 'sqlite' }
  const shared = { name: 'postgresql', ledger: server.database('gateway') }
  const gateways = {}
  for (const kind of [sqlite, shared]) {
    const { keys, ...gateway } = await ours(folder, { ...asked, set, dollars: [PLENTY, BUDGET], ...kind })
    gateways[kind.name] = { ...gateway, key: keys[0], poor: { base: gateway.base, key: keys[1] } }
  }
  gateways.litellm = await litellm(folder, { ...asked, budget: PLENTY, workers: WORKERS, name: 'litellm' })
  say('all run')

  const systems = { upstream, ...gateways }
  const memory = {}
  for (const [name, system] of Object.entries(systems)) {
    const { count } = await load(system, { connections: Math.max(...CONNECTIONS), count: WARM, seconds: 600 })
    memory[name] = { before: system.memory(), requests: count }
  }
  const speed = await speedOf(systems, { seconds, rounds, memory, say })
  const alone = { clients: LEDGER_CLIENTS, seconds }
  const ledger = {
    sqlite: await ledgerLoad(`sqlite:${folder}/ledger.db`, alone),
    postgresql: await ledgerLoad(server.database('ledger'), alone),
  }
  say(`ledger ${JSON.stringify(ledger)}`)

  for (const [name, wanted] of [['sqlite', requests], ['postgresql', requests], ['litellm', peerRequests]]) {
    const rest = Math.max(0, wanted - memory[name].requests)
    if (rest > 0) memory[name].requests += (await load(systems[name], { connections: 8, count: rest, seconds: 3_600 })).count
    memory[name].after = systems[name].memory()
    say(`memory ${name} ${JSON.stringify(memory[name])}`)
  }

  const budgets = { sqlite: await passed(gateways.sqlite.poor), postgresql: await passed(gateways.postgresql.poor) }
  await gateways.litellm.stop()
  for (const workers of [1, WORKERS]) {
    const name = `litellm-${workers}`
    const peer = await litellm(folder, { ...asked, budget: BUDGET, workers, name })
    budgets[name] = await passed(peer)
    await peer.stop()
  }
  say(`budgets ${JSON.stringify(budgets)}`)

  for (const { name } of [sqlite, shared]) await gateways[name].stop()
  await upstream.stop()
  await server.stop()
  set.stop()
  const gas = await settlement(STATEMENTS)
  say(`gas ${JSON.stringify(gas)}`)
  return { speed, memory, budgets, ledger, gas, versions: { litellm: litellmVersion(), postgresql: server.version } }
}

const passed = (system) => overshoot(system, { model: 'dear', price: MODELS.dear })

/** By connections and system, the round of the middle rate; rounds go around all systems, so that all share the machine's moods. */
async function speedOf(systems, { seconds, rounds, memory, say }) {
  const speed = {}
  for (const connections of CONNECTIONS) {
    const found = Object.fromEntries(Object.keys(systems).map((name) => [name, []]))
    for (let round = 0; round < rounds; round++) {
      for (const [name, system] of Object.entries(systems)) {
        const figures = await load(system, { connections, seconds })
        memory[name].requests += figures.count
        found[name].push(figures)
        say(`${connections} ${name} ${JSON.stringify(figures)}`)
      }
    }
    speed[connections] = Object.fromEntries(Object.entries(found).map(([name, list]) => [name, median(list, ({ p50Us }) => p50Us)]))
  }
  return speed
}

// A program that serves, started in a process group of its own, and what the group uses.
import { spawn } from 'node:child_process'
import { openSync, readFileSync, readdirSync } from 'node:fs'

const PATIENCE_MS = 120_000
const POLL_MS = 50
const KIB_PER_MIB = 1_024
/** Linux counts a process's time in hundredths of a second, whatever its own clock does. */
const MILLIS_PER_TICK = 10
/** Fields of /proc/PID/stat, counted behind the name in parentheses. */
const [GROUP, USER_TICKS, SYSTEM_TICKS] = [2, 11, 12]

/**
 * Starts a program and waits until `ready` resolves to true.
 * Resolves to {stop, memory, cpu}: `memory` in MiB, pages that several of its processes share counted once; `cpu` in
 * milliseconds since its start.
 */
export async function serve(command, args, { log, ready, ...options }) {
  const out = openSync(log, 'a')
  const child = spawn(command, args, { ...options, stdio: ['ignore', out, out], detached: true })
  let ended
  const gone = new Promise((done) => {
    child.on('error', (error) => done((ended = error)))
    child.on('exit', (code) => done((ended ??= new Error(`${command} ended with ${code}; see ${log}`))))
  })
  const signal = (name) => {
    try {
      process.kill(-child.pid, name)
    } catch {
      // None of the group is left.
    }
  }
  process.on('exit', () => signal('SIGKILL'))
  const deadline = Date.now() + PATIENCE_MS
  while (!(await ready().catch(() => false))) {
    if (ended) throw ended
    if (Date.now() > deadline) throw new Error(`${command} is not ready; see ${log}`)
    await new Promise((done) => setTimeout(done, POLL_MS))
  }
  return {
    async stop() {
      signal('SIGTERM')
      await gone
      signal('SIGKILL')
    },
    memory: () => sum(group(child.pid).map(proportionalMib)),
    cpu: () => sum(group(child.pid).map(({ ticks }) => ticks * MILLIS_PER_TICK)),
  }
}

/** Whether something answers there with a status of success. */
export const answers = (url) => async () => (await fetch(url)).ok

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)

/** The processes of a group. */
function group(leader) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number)
        return fields[GROUP] === leader ? [{ pid, ticks: fields[USER_TICKS] + fields[SYSTEM_TICKS] }] : []
      } catch {
        return [] // It ended meanwhile.
      }
    })
}

function proportionalMib({ pid }) {
  const [, kib] = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))
  return Number(kib) / KIB_PER_MIB
}

// Pages that tests walk: their fenced blocks, and the shell that runs them.
import { spawnSync } from 'node:child_process'

/** Fenced blocks of a page: {language, marks, lines}, where marks are the further words after the language. */
export function blocks(text) {
  const fences = text.matchAll(/^```(\w+)([^\n]*)\n(.*?)^```/gms)
  return [...fences].map(([, language, rest, body]) => ({
    language,
    marks: rest.trim().split(/\s+/).filter(Boolean),
    lines: body.trimEnd().split('\n'),
  }))
}

/** Runs shell commands to their end; a command of the middle that fails ends them. */
export function run(commands, options) {
  const { status, stdout, stderr, error } = spawnSync('bash', ['--norc', '-euo', 'pipefail', '-c', commands], { encoding: 'utf8', ...options })
  if (error) throw error
  return { status, stdout, stderr }
}

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = new URL('../src', import.meta.url).pathname
const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).map((name) => join(ROOT, name))
const read = (file: string): string => readFileSync(file, 'utf8')
const camel = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())

const modules = new Map(
  files
    .filter((file) => file.endsWith('.module.css'))
    .map((file) => {
      const selectors = read(file).replace(/\/\*.*?\*\/|\{[^{}]*\}/gs, ' ')
      return [file, new Set([...selectors.matchAll(/\.([a-z][a-z0-9-]*)/g)].map(([, name]) => camel(name!)))]
    }),
)

/** What each component asks of which module. */
const asked = files
  .filter((file) => /\.tsx?$/.test(file))
  .flatMap((file) => {
    const text = read(file)
    return [...text.matchAll(/import (\w+) from '(\S+\.module\.css)'/g)].flatMap(([, alias, path]) =>
      [...text.matchAll(new RegExp(`\\b${alias}\\.(\\w+)`, 'g'))].map(([, name]) => ({
        ...{ file, name: name! },
        module: join(dirname(file), path!),
      })),
    )
  })

test('each class that a component asks for is in its style sheet', () => {
  expect(asked.length).toBeGreaterThan(100)
  expect(asked.filter(({ module, name }) => !modules.get(module)?.has(name))).toEqual([])
})

test('each class of a style sheet is asked for', () => {
  const used = new Set(asked.map(({ module, name }) => `${module} ${name}`))
  const all = [...modules].flatMap(([module, names]) => [...names].map((name) => `${module} ${name}`))
  expect(all.filter((name) => !used.has(name))).toEqual([])
})

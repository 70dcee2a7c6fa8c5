import { expect, test } from '@jest/globals'
import * as library from '../../src/index.js'
import { subjects } from '../../src/inference/config/config.js'
import type { MethodSpec } from '../../src/inference/config/define-methods.js'
import { readPage } from '../helpers/pages.js'

const page = await readPage('docs/migrating.md')
const codes = [...page.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(
  ([, code = '']) => code,
)

test('the flags that docs/migrating.md names are flags, each in the table of its own page', async () => {
  const pages = await Promise.all(
    ['infer', 'export', 'environment', 'benchmark'].map((name) => readPage(`docs/${name}.md`)),
  )
  const known = new Set(
    pages.flatMap((text) => text.split('\n').filter((line) => line.startsWith('| `--'))).flatMap(flagsIn),
  )
  const named = codes.flatMap(flagsIn)
  expect(named.length).toBeGreaterThan(50)
  expect(named.filter((flag) => !known.has(flag) && !known.has(flag.replace('--no-', '--')))).toEqual([])
})

test('its methods of Config are there, and are those of paddle beside them', () => {
  const methods = new Map(Object.values(subjects).flatMap((table) => Object.entries<MethodSpec>(table)))
  const rows = page
    .split('\n')
    .filter((line) => /^\| `(?:enable|disable|set|switch|collect|exp)_\w+\(/.test(line))
  expect(rows.length).toBeGreaterThanOrEqual(13)
  for (const row of rows) {
    const [, paddles = '', more = ''] = row.split('|')
    for (const [, name = ''] of paddles.matchAll(/\b((?:enable|disable|set|switch|collect|exp)_\w+)\(/g)) {
      const ours = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
      expect([ours, methods.get(ours)?.methods]).toEqual([ours, expect.arrayContaining([name])])
    }
    for (const [, name = ''] of more.matchAll(/`(?:config\.)?(\w+)\(/g)) expect(methods.has(name)).toBe(true)
  }
})

test('what it names of the library is exported by it', () => {
  const named = codes.flatMap(
    (code) =>
      code.match(
        /\b(?:create|get|read|resize|image|to|from)[A-Z]\w+(?=\(|$)|\b(?:Predictor|Image|Paddle)[A-Z]\w+/g,
      ) ?? [],
  )
  const members = [library.Predictor, library.InputHandle, library.OutputHandle].flatMap((type) =>
    Object.getOwnPropertyNames(type.prototype),
  )
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((name) => !(name in library) && !members.includes(name))).toEqual(['fromImage'])
})

function flagsIn(text: string): string[] {
  return text.match(/(?<![\w-])--[a-z][a-z-]+/g) ?? []
}

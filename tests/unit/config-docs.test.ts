import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { subjects } from '../../src/inference/config/config.js'
import { versionsWith, type MethodSpec } from '../../src/inference/config/define-methods.js'
import { passBuilderMethods } from '../../src/inference/config/pass-builder.js'

const page = readFileSync(fileURLToPath(new URL('../../docs/config.md', import.meta.url)), 'utf8')

/** The row of a method: what it takes, paddle's own names, and the wheels that have it. */
function rowOf([name, spec]: [string, MethodSpec]): string {
  const taken =
    spec.kind === 'read'
      ? 'read'
      : spec.params.map((param) => param.name + (param.fallback === undefined ? '' : '?')).join(', ')
  const names = spec.methods.map((method) => `\`${method.split('.').at(-1) ?? method}\``).join(', ')
  const versions = versionsWith(spec.methods).replace('paddle ', '')
  return `| \`${name}\` | ${taken} | ${names} | ${versions === '2.6.2, 3.2.2 and 3.3.1' ? 'all' : versions} |`
}

const tables = { ...subjects, passBuilder: passBuilderMethods }

test.each(Object.entries(tables))('docs/config.md has the methods of %s', (_, table) => {
  // Prettier aligns the columns.
  const plain = (row: string): string => row.replace(/ +\|/g, ' |')
  const rows = page.split('\n').map(plain)
  for (const method of Object.entries<MethodSpec>(table)) expect(rows).toContain(plain(rowOf(method)))
})

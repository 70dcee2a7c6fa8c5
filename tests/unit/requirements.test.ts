import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { glob } from 'tinyglobby'
import { root } from '../helpers/project.js'

interface List {
  readonly plain: string
  readonly hashed: string
}

const script = '../../scripts/requirements.js'
const { lists } = (await import(script)) as { lists: readonly List[] }

/** The lines that name a package. */
async function packagesOf(file: string): Promise<string[]> {
  const lines = (await readFile(join(root, file), 'utf8')).split('\n')
  return lines.filter((line) => line !== '' && !line.startsWith('#'))
}

test('scripts/renew-hashes.js knows every list of Python packages', async () => {
  const ignore = ['**/node_modules', '.cache']
  const there = await glob('**/requirements*.txt', { cwd: root, ignore, dot: true })
  expect(there.sort()).toEqual(lists.flatMap(({ plain, hashed }) => [plain, hashed]).sort())
})

test.each(lists)('every package of $plain is pinned, for every Python once', async ({ plain }) => {
  const lines = await packagesOf(plain)
  expect(lines.filter((line) => !/^[\w.-]+(\[\w+\])?==\d[\w.]* *(;.*)?$/.test(line))).toEqual([])
  const bare = lines.filter((line) => !line.includes(';')).map((line) => line.split('==')[0])
  const marked = lines.filter((line) => line.includes(';')).map((line) => line.split('==')[0])
  expect(bare).toEqual([...new Set(bare)])
  expect(bare.filter((name) => marked.includes(name))).toEqual([])
})

test.each(lists)('$hashed is $plain with hashes (scripts/renew-hashes.js)', async ({ plain, hashed }) => {
  const lines = await packagesOf(hashed)
  const named = lines.filter((line) => line.includes('=='))
  expect(named).toEqual((await packagesOf(plain)).map((line) => `${line} \\`))
  const rest = lines.filter((line) => !named.includes(line))
  expect(rest.filter((line) => !/^ {4}--hash=sha256:[0-9a-f]{64}(?: \\)?$/.test(line))).toEqual([])
})

/** Paddle 2.6 crashes with numpy 2, which the default has. */
const differing = ['numpy==1.26.4']

test('a package of the managed Python has the same version in the other lists', async () => {
  const managed = (await packagesOf('requirements.txt')).map((line) => line.split(/==| *;/))
  const others = lists.filter(({ plain }) => plain !== 'requirements.txt')
  const lines = (await Promise.all(others.map(({ plain }) => packagesOf(plain)))).flat()
  const different = lines.filter((line) => {
    const [name, version] = line.split(/==| *;/)
    const same = managed.filter(([one]) => one === name)
    return same.length > 0 && !same.some(([, one]) => one === version)
  })
  expect(different).toEqual(differing)
})

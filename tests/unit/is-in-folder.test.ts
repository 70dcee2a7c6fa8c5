import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { isBelow, readsFromFolder } from '../../src/commands/images/is-in-folder.js'

let folder: string
const at = (path: string): string => join(folder, path)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'in-folder-'))
  await mkdir(at('data/there'), { recursive: true })
  await symlink('data', at('link'))
})
afterAll(() => rm(folder, { recursive: true }))

test.each([
  ['data/there', 'data', true],
  ['link/there', 'data', true],
  ['data/there', 'link', true],
  // Not yet there.
  ['link/drawn', 'link', true],
  ['link/a/b/drawn', 'data', true],
  ['data-2/drawn', 'data', false],
  ['data', 'data', false],
])('%s below %s: %s', async (path, above, is) => {
  expect(await isBelow(at(path), at(above))).toBe(is)
})

test('a pattern in a linked folder reads from the folder', async () => {
  expect(await readsFromFolder(at('link/*.jpg'), at('data'))).toBe(true)
  expect(await readsFromFolder(at('link'), at('data'))).toBe(true)
  expect(await readsFromFolder(at('link/there/*.jpg'), at('data'))).toBe(false)
})

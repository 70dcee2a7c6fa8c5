import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readLabels } from '../../src/model/index.js'

let file: string
beforeAll(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'labels-')), 'labels.txt')
})
afterAll(() => rm(join(file, '..'), { recursive: true }))

test.each([
  ['plain lines', 'kit fox\nEnglish setter\n', ['kit fox', 'English setter']],
  ['Windows line ends and a mark at the beginning', '\uFEFFcat\r\ndog\r\n\r\n', ['cat', 'dog']],
  ['an empty line is a class without a name', 'cat\n\ndog\n', ['cat', '', 'dog']],
  ['ID NAME', '0 tench, Tinca tinca\n1 goldfish\n', ['tench, Tinca tinca', 'goldfish']],
  ['ID NAME in another order, with a gap', '3\tbear\n0  ant\n1 bee\n', ['ant', 'bee', '', 'bear']],
  ['names that begin with numbers', '7 up\n10 euro\n', ['7 up', '10 euro']],
  ['a number that stands twice', '0 a\n0 b\n', ['0 a', '0 b']],
  ['a number without a name', '0 a\n1\n', ['0 a', '1']],
])('%s', async (_, text, labels) => {
  await writeFile(file, text)
  expect(await readLabels(file)).toEqual(labels)
})

test.each([
  ['\n\n', 'holds no labels.'],
  ['a\0b\n', 'holds no labels: it is not a text file.'],
])('%j is refused', async (text, problem) => {
  await writeFile(file, text)
  await expect(readLabels(file)).rejects.toMatchObject({
    name: 'PaddleError',
    code: 'LABELS_INVALID',
    message: `${file} ${problem}\nGive a text file with one label a line.`,
  })
})

test('a file that is not there, and one that is a folder', async () => {
  await expect(readLabels('/none.txt')).rejects.toMatchObject({
    code: 'LABELS_INVALID',
    message: 'There are no labels at /none.txt.\nGive a text file with one label a line.',
  })
  await expect(readLabels('/tmp')).rejects.toMatchObject({
    code: 'LABELS_INVALID',
    message: '/tmp cannot be read (EISDIR).\nGive a text file with one label a line.',
  })
})

test('two hundred thousand numbered classes', async () => {
  await writeFile(file, Array.from({ length: 200_000 }, (_, id) => `${id} class ${id}\n`).join(''))
  const labels = await readLabels(file)
  expect([labels.length, labels[199_999]]).toEqual([200_000, 'class 199999'])
})

test('a file of a gigabyte, and a device that never ends', async () => {
  const refused = (name: string, why: string) => ({
    code: 'LABELS_INVALID',
    message: `${name} holds no labels: ${why}.\nGive a text file with one label a line.`,
  })
  await writeFile(file, '')
  await truncate(file, 2 ** 30)
  await expect(readLabels(file)).rejects.toMatchObject(
    refused(file, 'it has 1073741824 bytes, and 67108864 are the most'),
  )
  await expect(readLabels('/dev/zero')).rejects.toMatchObject(refused('/dev/zero', 'it is no file'))
})

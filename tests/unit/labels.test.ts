import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
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
  ['names, some of which begin with numbers', '7 up\neuro\n', ['7 up', 'euro']],
  ['ID alone: a class without a name', '0 \n1 b\n2\n3 d\n', ['', 'b', '', 'd']],
  ['numbers are names', '7\n8\n9\n', ['7', '8', '9']],
  ['names, one of which begins with its class', 'zero\n1 up\ntwo\n', ['zero', '1 up', 'two']],
  ['JSON: a list', ' ["cat", "a\\"b"]\n', ['cat', 'a"b']],
  ['JSON: by number, with a gap', '{"2": "bear", "0": "ant"}', ['ant', '', 'bear']],
  ['JSON: by name', '\uFEFF{"bear": 2, "ant": 0, "7": 1}', ['ant', '7', 'bear']],
  ['a name in brackets is not JSON', '[PAD]\n[UNK]\n', ['[PAD]', '[UNK]']],
])('%s', async (_, text, labels) => {
  await writeFile(file, text)
  expect(await readLabels(file)).toEqual(labels)
})

test.each([
  ['\n\n', 'contains no labels.'],
  ['a\0b\n', 'contains no labels: it is not a text file.'],
  ['[]', 'contains no labels.'],
  ['0 a\n0 b\n', 'contains no labels: each line is ID NAME, but the class 0 occurs twice.'],
  ['1 a\n2 b\n', 'contains no labels: each line is ID NAME, but the class 0, the first one, is missing.'],
  ['0 a\n1 b\nc\n', 'contains no labels: line 3 is not ID NAME, as most lines are.'],
  ['0 a\n99999999 b\n', 'contains no labels: the class 99999999 is above the limit of 10000000.'],
  ['{"a": 0,}', 'contains no labels: it is not valid JSON.'],
  ['["a", 1]', 'contains no labels: expected a name as entry 1, got 1.'],
  ['["a", ["b"]]', 'contains no labels: expected a name as entry 1, got a list.'],
  ['{"0": "a", "b": "c"}', 'contains no labels: "b": "c" is not a class and its name.'],
  ['{"0": {"name": "a"}}', 'contains no labels: "0": an object is not a class and its name.'],
  ['{"a": 0.5}', 'contains no labels: "a": 0.5 is not a class and its name.'],
  ['{"a": -1}', 'contains no labels: "a": -1 is not a class and its name.'],
  ['{"a": 0, "b": 0}', 'contains no labels: the class 0 occurs twice.'],
  ['{"0": "a", "00": "b"}', 'contains no labels: the class 0 occurs twice.'],
  ['{"10000001": "a"}', 'contains no labels: the class 10000001 is above the limit of 10000000.'],
])('rejects %j', async (text, problem) => {
  await writeFile(file, text)
  await expect(readLabels(file)).rejects.toMatchObject({
    name: 'PaddleError',
    code: 'LABELS_INVALID',
    message: `${file} ${problem}\nGive a text file with one label a line, or JSON.`,
  })
})

const none = 'its encoding is none of UTF-8, UTF-16 with a byte order mark, or GB18030'

describe('the encoding', () => {
  const chinese = ['猫', '狗', '柯基犬']
  const inGbk = Buffer.from('c3a80ab9b70d0abfc2bbf9c8ae0a', 'hex')
  const utf16le = Buffer.from(chinese.join('\r\n'), 'utf16le')
  const read = async (bytes: Uint8Array): Promise<[string[], string[]]> => {
    await writeFile(file, bytes)
    const warnings: string[] = []
    const labels = await readLabels(file, {
      onNotUtf8: ({ code, message }) => warnings.push(`${code} ${message}`),
    })
    return [labels, warnings]
  }

  test.each([
    ['UTF-8', Buffer.from(chinese.join('\n'))],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${chinese.join('\n')}`)],
    ['UTF-16, little endian', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16le])],
    ['UTF-16, big endian', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16le]).swap16()],
  ])('%s', async (_, bytes) => {
    expect(await read(bytes)).toEqual([chinese, []])
  })

  test('GBK and GB18030, with a warning', async () => {
    const warning = `TEXT_NOT_UTF8 ${file} is not UTF-8 and was read as GB18030: save it as UTF-8 if its text comes out wrong.`
    expect(await read(inGbk)).toEqual([chinese, [warning]])
    // Four bytes: U+3400.
    expect(await read(Buffer.from('8139ee390ac3a8', 'hex'))).toEqual([['㐀', '猫'], [warning]])
  })

  test.each([
    ['Latin-1', Buffer.from('café\nthé\n', 'latin1'), none],
    ['GBK cut in a character', inGbk.subarray(0, -2), none],
    ['UTF-16 cut in a character', Buffer.from('fffe41', 'hex'), none],
    ['UTF-16 without a mark', Buffer.from('cat\ndog', 'utf16le'), 'it is not a text file'],
    ['UTF-32', Buffer.from('fffe00006100000062000000', 'hex'), 'it is not a text file'],
    ['a JPEG', Buffer.from('ffd8ffe000104a46', 'hex'), 'it is not a text file'],
  ])('%s is rejected', async (_, bytes, problem) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: 'LABELS_INVALID',
      message: `${file} contains no labels: ${problem}.\nGive a text file with one label a line, or JSON.`,
    })
  })
})

test('JSON is recognised by the file name', async () => {
  const json = join(file, '..', 'labels.JSON')
  for (const [text, problem] of [
    ['cat\ndog\n', 'it is not valid JSON'],
    ['[PAD]', 'it is not valid JSON'],
    ['"cat"', 'it is neither a list nor an object'],
  ] as const) {
    await writeFile(json, text)
    await expect(readLabels(json)).rejects.toMatchObject({
      message: `${json} contains no labels: ${problem}.\nGive a text file with one label a line, or JSON.`,
    })
  }
})

test('with a delimiter, every line has a number and a name', async () => {
  await writeFile(file, '1\tbee\n3\twasp\tnest\r\n\n')
  expect(await readLabels(file, { delimiter: '\t' })).toEqual(['', 'bee', '', 'wasp\tnest'])
  await writeFile(file, '0,ant\nbee\n')
  await expect(readLabels(file, { delimiter: ',' })).rejects.toMatchObject({
    message: `${file} contains no labels: line 2 is not ID,NAME.\nGive a text file with one label a line, or JSON.`,
  })
  await writeFile(file, '0,ant\n0,bee\n')
  await expect(readLabels(file, { delimiter: ',' })).rejects.toMatchObject({
    message: `${file} contains no labels: the class 0 occurs twice.\nGive a text file with one label a line, or JSON.`,
  })
})

test('a missing file, and a folder', async () => {
  await expect(readLabels('/none.txt')).rejects.toMatchObject({
    code: 'LABELS_INVALID',
    message: 'There is no label file at /none.txt.\nCheck the path.',
  })
  await expect(readLabels('/tmp')).rejects.toMatchObject({
    code: 'LABELS_INVALID',
    message: '/tmp is a folder.\nGive a text file with one label a line, or JSON.',
  })
})

test('two hundred thousand numbered classes', async () => {
  await writeFile(file, Array.from({ length: 200_000 }, (_, id) => `${id} class ${id}\n`).join(''))
  const labels = await readLabels(file)
  expect([labels.length, labels[199_999]]).toEqual([200_000, 'class 199999'])
})

test('a file of a gigabyte, and an endless device', async () => {
  const refused = (name: string, why: string) => ({
    code: 'LABELS_INVALID',
    message: `${name} contains no labels: ${why}.\nGive a text file with one label a line, or JSON.`,
  })
  await writeFile(file, '')
  await truncate(file, 2 ** 30)
  await expect(readLabels(file)).rejects.toMatchObject(
    refused(file, 'it has 1073741824 bytes, more than the limit of 67108864'),
  )
  await expect(readLabels('/dev/zero')).rejects.toMatchObject(
    refused('/dev/zero', 'it is not a regular file'),
  )
})

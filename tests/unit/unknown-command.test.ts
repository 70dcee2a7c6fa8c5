import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { unknownCommand } from '../../src/cli/unknown-command.js'
import { readWords } from '../../src/commands/argv.js'

const before = process.cwd()
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unknown-'))
  process.chdir(folder)
  for (const name of ['photos', 'net']) mkdirSync(name)
  for (const name of ['net/inference.pdiparams', 'cat', 'infer.jpg']) writeFileSync(name, '')
})
afterAll(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true })
})

test('paths that the system refuses have no advice', async () => {
  symlinkSync('circle', 'circle')
  expect(await said('circle')).toBe('Unknown command: circle')
  expect(await said('x'.repeat(300))).toBe(`Unknown command: ${'x'.repeat(200)}…`)
})

async function said(...words: string[]): Promise<string> {
  return (await unknownCommand(readWords(words))).message
}

describe('an unknown command', () => {
  test.each([
    ['docter', 'doctor'],
    ['inferr', 'infer'],
    ['infr', 'infer'],
    ['predikt', 'predict'],
    ['clasify', 'classify'],
    ['verfy', 'verify'],
    ['exprot', 'export'],
    ['comp', 'completion'],
    ['bench', 'benchmark'],
    ['install', 'setup'],
    ['run', 'infer'],
    ['info', 'inspect'],
    ['check', 'doctor'],
    ['halp', 'help'],
    ['versoin', 'version'],
  ])('%s: %s', async (word, meant) => {
    expect(await said(word)).toBe(`Unknown command: ${word}\nDid you mean ${meant}?`)
  })

  test.each(['frobnicate', 'train', 'list', 'models', 'upgrade', 'start', 'x', 'constructor', ''])(
    '%s resembles none',
    async (word) => {
      expect(await said(word)).toBe(`Unknown command: ${word}`)
    },
  )

  test.each([
    ['serve', 'paddle-ts includes no server. In a server of your own, '],
    ['server', 'paddle-ts includes no server. In a server of your own, '],
    ['ocr', 'paddle-ts infer reads one printed character per image. '],
  ])('%s: what there is instead', async (word, advice) => {
    const [first, second, guide] = (await said(word)).split('\n')
    expect(first).toBe(`Unknown command: ${word}`)
    expect(second!.slice(0, advice.length)).toBe(advice)
    expect(guide).toMatch(new RegExp(`^Guide: ${before}/docs/tasks.md, “.*”$`))
  })
})

test('a task in the place of a command', async () => {
  expect(await said('detect', 'a.jpg', '-m', 'net')).toBe(
    'Unknown command: detect\nUse: paddle-ts infer --task detect a.jpg -m net',
  )
  expect(await said('segment', 'a.jpg')).toBe(
    'Unknown command: segment\nUse: paddle-ts infer --task segment a.jpg -m DIR',
  )
})

describe('a path in the place of a command', () => {
  test.each([
    [['cat.jpg'], 'paddle-ts infer cat.jpg'],
    [['photos/'], 'paddle-ts infer photos/'],
    [['photos'], 'paddle-ts infer photos'],
    [['cat'], 'paddle-ts infer cat'],
    [['infer.jpg'], 'paddle-ts infer infer.jpg'],
    [['*.png', '-k', '3'], "paddle-ts infer '*.png' -k 3"],
    [
      ['no one.jpg', 'b.jpg', '-m=x', '--json', '--', '-c.jpg'],
      "paddle-ts infer 'no one.jpg' b.jpg -m=x --json -- -c.jpg",
    ],
    [['net'], 'paddle-ts inspect net'],
    [['net/inference.pdmodel', '--json'], 'paddle-ts inspect net/inference.pdmodel --json'],
    [['some/inference.json'], 'paddle-ts inspect some/inference.json'],
  ])('%j', async (words, line) => {
    expect(await said(...words)).toBe(`Unknown command: ${words[0]!}\nUse: ${line}`)
  })
})

test.each([
  [['-'], 'Expected a command.'],
  [['--json', 'doctor'], 'Expected a command before the flags.'],
  [['-i', 'a.jpg', '-k5'], 'Expected a command before the flags.\nUse: paddle-ts infer -i a.jpg -k=5'],
  [['-help'], 'Expected a command before the flags.\nDid you mean --help?'],
  [['--versoin'], 'Expected a command before the flags.\nDid you mean --version?'],
])('without a command: %j', async (words, message) => {
  expect(await said(...words)).toBe(message)
})

import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { flagNamesIn, readConfigFile } from '../../src/cli/config-file.js'
import { readWords } from '../../src/commands/argv.js'

const before = process.cwd()
let place: string
beforeAll(async () => {
  place = await realpath(await mkdtemp(join(tmpdir(), 'config-')))
})
afterAll(async () => {
  process.chdir(before)
  await rm(place, { recursive: true })
})

/** Files, by their paths, with a command run in `sub/deep`. */
async function given(files: Readonly<Record<string, unknown>>): Promise<void> {
  process.chdir(before)
  await rm(place, { recursive: true })
  await mkdir(join(place, 'project/sub/deep'), { recursive: true })
  for (const [path, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    await writeFile(join(place, path), text)
  }
  process.chdir(join(place, 'project/sub/deep'))
}

/** Which file is found, and what it gives for `topk`. */
function found(...words: string[]): unknown {
  const file = readConfigFile(readWords(['infer', ...words]).flags)
  return file && [file.shown, file.content['topk'], file.isNamed]
}

beforeEach(() => {
  delete process.env['PADDLE_TS_CONFIG']
})

const withKey = (topk: number) => ({ name: 'a', 'paddle-ts': { topk } })

describe('the file that is found', () => {
  test('is the nearest one, up to the package that it lies in', async () => {
    await given({ 'paddle-ts.config.json': { topk: 1 }, 'project/package.json': withKey(2) })
    expect(found()).toEqual(['../../package.json', 2, false])
    expect(readConfigFile([])?.folder).toBe(join(place, 'project'))
    await given({ 'project/package.json': withKey(2), 'project/paddle-ts.config.json': { topk: 3 } })
    expect(found()).toEqual(['../../paddle-ts.config.json', 3, false])
    await given({ 'project/package.json': withKey(2), 'project/sub/deep/paddle-ts.config.json': { topk: 4 } })
    expect(found()).toEqual(['paddle-ts.config.json', 4, false])
  })

  test('is none above the nearest package, nor outside of one', async () => {
    await given({ 'project/package.json': withKey(2), 'project/sub/package.json': { name: 'b' } })
    expect(found()).toBeUndefined()
    await given({ 'project/paddle-ts.config.json': { topk: 1 } })
    expect(found()).toBeUndefined()
  })
})

describe('the file that is named', () => {
  test('takes its place', async () => {
    await given({ 'project/package.json': withKey(2), 'project/other.json': { topk: 5 } })
    expect(found('--config', '../../other.json')).toEqual(['../../other.json', 5, true])
    expect(found('--config=../../package.json')).toEqual(['../../package.json', 2, true])
    expect(found('--no-config')).toBeUndefined()
    process.env['PADDLE_TS_CONFIG'] = '../../other.json'
    expect(found()).toEqual(['../../other.json', 5, true])
    expect(found('--no-config')).toBeUndefined()
    process.env['PADDLE_TS_CONFIG'] = ''
    expect(found()).toEqual(['../../package.json', 2, false])
  })

  test.each([
    ['no.json', undefined, 'no.json cannot be read: there is no such file.'],
    ['.', undefined, '. cannot be read: EISDIR.'],
    ['package.json', { name: 'a' }, 'package.json has no "paddle-ts" key.'],
    ['package.json', { 'paddle-ts': 3 }, 'package.json: Expected an object for "paddle-ts", got 3.'],
    ['a.json', '[]', 'a.json: Expected an object, got [].'],
    ['a.json', 'null', 'a.json: Expected an object, got null.'],
  ])('%s: what is wrong is told', async (name, content, message) => {
    await given(content === undefined ? {} : { [`project/sub/deep/${name}`]: content })
    expect(() => found('--config', name)).toThrow(new Error(message))
  })

  test('one that is no JSON', async () => {
    await given({ 'project/sub/deep/a.json': '{ "topk": 2,' })
    expect(() => found('--config', 'a.json')).toThrow(/^a\.json is not JSON: .*\.$/)
    await given({ 'project/sub/deep/a.json': '\uFEFF{ "topk": 2 }' })
    expect(found('--config', 'a.json')).toEqual(['a.json', 2, true])
  })
})

test('the names that it has for a command are known before anything of them is checked', async () => {
  await given({
    'project/package.json': { 'paddle-ts': { appendPass: 'x', infer: { python: 3 }, verify: {} } },
  })
  expect(flagNamesIn(readConfigFile([]), 'infer')).toEqual(['append-pass', 'verify', 'python'])
  expect(flagNamesIn(undefined, 'infer')).toEqual([])
})

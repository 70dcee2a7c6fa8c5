import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
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

/** Files by path; the command runs in `sub/deep`. */
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

/** The discovered file, and its `topk`. */
function found(...words: string[]): unknown {
  const file = readConfigFile(readWords(['infer', ...words]).flags)
  return file && [file.shown, file.content['topk'], file.isNamed]
}

beforeEach(() => {
  delete process.env['PADDLE_TS_CONFIG']
})

const withKey = (topk: number) => ({ name: 'a', 'paddle-ts': { topk } })

describe('the discovered file', () => {
  test('is the nearest one, up to the root of the package', async () => {
    await given({ 'paddle-ts.config.json': { topk: 1 }, 'project/package.json': withKey(2) })
    expect(found()).toEqual(['../../package.json', 2, false])
    expect(readConfigFile([])?.folder).toBe(join(place, 'project'))
    await given({ 'project/package.json': withKey(2), 'project/paddle-ts.config.json': { topk: 3 } })
    expect(found()).toEqual(['../../paddle-ts.config.json', 3, false])
    await given({ 'project/package.json': withKey(2), 'project/sub/deep/paddle-ts.config.json': { topk: 4 } })
    expect(found()).toEqual(['paddle-ts.config.json', 4, false])
  })

  test('is not above the nearest package, nor outside of a package', async () => {
    await given({ 'project/package.json': withKey(2), 'project/sub/package.json': { name: 'b' } })
    expect(found()).toBeUndefined()
    await given({ 'project/paddle-ts.config.json': { topk: 1 } })
    expect(found()).toBeUndefined()
  })
})

describe('a named file', () => {
  test('replaces the discovered one', async () => {
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
  ])('%s: invalid', async (name, content, message) => {
    await given(content === undefined ? {} : { [`project/sub/deep/${name}`]: content })
    expect(() => found('--config', name)).toThrow(new Error(message))
  })

  test('that is a pipe is rejected, and not waited for', async () => {
    await given({ 'project/sub/deep/a.json': {} })
    await promisify(execFile)('mkfifo', [join(place, 'project/sub/deep/pipe.json')])
    expect(() => found('--config', 'pipe.json')).toThrow(
      new Error('pipe.json is not a regular file: write its contents to one, and pass that.'),
    )
    expect(() => found('--config', '/dev/zero')).toThrow(
      new Error('/dev/zero is not a regular file: write its contents to one, and pass that.'),
    )
  })

  test('that is not JSON is rejected', async () => {
    await given({ 'project/sub/deep/a.json': '{ "topk": 2,' })
    expect(() => found('--config', 'a.json')).toThrow(/^a\.json is not JSON: .*\.$/)
    await given({ 'project/sub/deep/a.json': '\uFEFF{ "topk": 2 }' })
    expect(found('--config', 'a.json')).toEqual(['a.json', 2, true])
    const path = join(place, 'project/sub/deep/a.json')
    await writeFile(path, Buffer.from('\uFEFF{ "topk": 3 }', 'utf16le'))
    expect(found('--config', 'a.json')).toEqual(['a.json', 3, true])
    await writeFile(path, Buffer.from('{ "topk": "caf\xe9" }', 'latin1'))
    expect(() => found('--config', 'a.json')).toThrow(
      'a.json is not JSON: its encoding is none of UTF-8, UTF-16 with a byte order mark, or GB18030.',
    )
  })
})

test('the names of its keys for a command are available before they are checked', async () => {
  await given({
    'project/package.json': {
      'paddle-ts': {
        appendPass: 'x',
        infer: { python: 3 },
        classify: { setPass: 'y' },
        verify: { prepare: 'z' },
      },
    },
  })
  expect(flagNamesIn(readConfigFile([]), 'infer')).toEqual(['append-pass', 'python', 'set-pass'])
  expect(flagNamesIn(undefined, 'infer')).toEqual([])
})

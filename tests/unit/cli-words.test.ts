import { describe, expect, test } from '@jest/globals'
import { allCommands } from '../../src/cli/commands.js'
import { lastValue, readWords } from '../../src/commands/argv.js'

describe('the words for yargs', () => {
  test.each([
    ['infer --img-path - --json', 'infer --img-path --img-path=- --json'],
    ['verify --img-path -', 'verify --img-path --img-path=-'],
    ['benchmark --img-path -', 'benchmark --img-path --img-path=-'],
    ['export --model -', 'export --model -'],
    ['-h', '--help'],
    ['-V', '--version'],
    ['infer -q -h', 'infer --quiet --help'],
    ['help', '--help'],
    ['help infer', 'infer --help'],
    ['infer help', 'infer help'],
    ['doctor', 'doctor'],
  ])('%s', (line, plain) => {
    const { command, words } = readWords(line.split(' '))
    expect([...(command === undefined ? [] : [command]), ...words]).toEqual(plain.split(' '))
  })

  test('no words', () => {
    expect(readWords([])).toEqual({ command: undefined, flags: [], words: [] })
  })
})

test('flags in all notations are split, each with its words', () => {
  const line =
    'benchmark --model-dir m --no-one-dnn --noExact --workers 1,2 --deletePass=a=b --optim-cache-dir cache dir --retries -1 -x --json -- --none'
  const { command, flags } = readWords(line.split(' '))
  expect(command).toBe('benchmark')
  expect(flags).toEqual([
    { name: 'model-dir', value: 'm', words: ['--model-dir', 'm'] },
    { name: 'one-dnn', value: false, words: ['--no-one-dnn'] },
    { name: 'exact', value: false, words: ['--noExact'] },
    { name: 'workers', value: '1,2', words: ['--workers', '1,2'] },
    { name: 'delete-pass', value: 'a=b', words: ['--deletePass=a=b'] },
    { name: 'optim-cache-dir', value: 'cache', words: ['--optim-cache-dir', 'cache', 'dir'] },
    { name: 'retries', value: '-1', words: ['--retries', '-1'] },
    { name: '-x', value: undefined, words: ['-x'] },
    { name: 'json', value: undefined, words: ['--json'] },
  ])
})

test('a line that starts with a flag has no command', () => {
  expect(readWords(['--json', 'doctor'])).toEqual({
    command: undefined,
    flags: [{ name: 'json', value: 'doctor', words: ['--json', 'doctor'] }],
    words: ['--json', 'doctor'],
  })
})

test('no flag starts with no-, which negates another one', async () => {
  const names = (await allCommands()).flatMap(({ flags }) => Object.keys(flags))
  expect(names.filter((name) => name.startsWith('no-'))).toEqual([])
})

test.each([
  ['infer', undefined],
  ['infer --config a.json', 'a.json'],
  ['infer --config=a=b', 'a=b'],
  ['infer --config a --config b', 'b'],
  ['infer --config a --no-config', false],
  ['infer --config', ''],
  ['infer --config --json', ''],
  ['infer -- --config a', undefined],
  ['infer --configs a', undefined],
])('the value of --config before yargs is loaded: %s', (line, value) => {
  expect(lastValue(readWords(line.split(' ')).flags, 'config')).toBe(value)
})

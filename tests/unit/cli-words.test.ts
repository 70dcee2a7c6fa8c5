import { describe, expect, test } from '@jest/globals'
import { lastValue, plainWords } from '../../src/cli/words.js'

describe('the words as yargs is to have them', () => {
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
    expect(plainWords(line.split(' '))).toEqual(plain.split(' '))
  })

  test('of none', () => {
    expect(plainWords([])).toEqual([])
  })
})

test.each([
  ['infer', undefined],
  ['infer --config a.json', 'a.json'],
  ['infer --config=a=b', 'a=b'],
  ['infer --config a --config b', 'b'],
  ['infer --config a --no-config', false],
  ['infer --config', ''],
  ['infer --configs a', undefined],
])('what is known of --config before yargs reads it: %s', (line, value) => {
  expect(lastValue(line.split(' '), 'config')).toBe(value)
})

import { expect, test } from '@jest/globals'
import { checkCommand, checkFlags } from '../../src/cli/command-line.js'
import { commandNamed } from '../../src/cli/commands.js'
import { readWords } from '../../src/commands/argv.js'
import { didYouMean } from '../../src/commands/did-you-mean.js'

test.each([
  ['clasify', ['classify', 'detect'], 'classify'],
  ['detetc', ['classify', 'detect'], 'detect'],
  ['tpok', ['task', 'topk'], 'topk'],
  ['batch', ['labels', 'batch-size'], 'batch-size'],
  ['segment', ['classify', 'detect'], undefined],
  // Too short for a suggestion.
  ['tpu', ['cpu', 'gpu'], undefined],
  ['fp8', ['fp16', 'fp32'], undefined],
  ['x', [], undefined],
])('%s among %j: %s', (given, names, meant) => {
  expect(didYouMean(given, names)).toBe(meant === undefined ? '' : `\nDid you mean ${meant}?`)
})

test.each([
  ['docter', 'Unknown command: docter\nDid you mean doctor?'],
  ['frobnicate', 'Unknown command: frobnicate'],
  ['', 'Expected a command.'],
  ['--json doctor', 'Expected a command before the flags.'],
])('the command line %j', (line, message) => {
  expect(() => {
    checkCommand(readWords(line === '' ? [] : line.split(' ')))
  }).toThrow(new Error(message))
})

test.each([
  ['--img-pth=a', 'Unknown flag: --img-pth\nDid you mean --img-path?'],
  ['--imgPth', 'Unknown flag: --imgPth\nDid you mean --img-path?'],
  ['-img-path', 'Unknown flag: -img-path\nDid you mean --img-path?'],
  ['--no-auto-oreint', 'Unknown flag: --no-auto-oreint\nDid you mean --no-auto-orient?'],
  ['--frobnicate', 'Unknown flag: --frobnicate'],
  ['-x', 'Unknown flag: -x'],
  ['--noExakt', 'Unknown flag: --noExakt\nDid you mean --no-exact?'],
])('%s', async (word, message) => {
  const infer = (await commandNamed('infer'))!
  expect(() => {
    const line = ['infer', '--img-path', 'a', '--modelDir', 'b', '--no-exact', '--retries', '-1', word]
    checkFlags(infer, readWords(line).flags)
  }).toThrow(new Error(message))
})

test('flags, values and words after -- are accepted', async () => {
  const infer = (await commandNamed('infer'))!
  const line = ['infer', '--img-path', '-1', '--json=x', '--noExact', '--help', '--quiet', '--', '--nobody']
  checkFlags(infer, readWords(line).flags)
})

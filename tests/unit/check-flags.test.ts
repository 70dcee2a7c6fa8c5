import { describe, expect, test } from '@jest/globals'
import { checkFlags, withPositional } from '../../src/cli/check-flags.js'
import { commandNamed } from '../../src/cli/commands.js'
import { readWords } from '../../src/commands/argv.js'
import { givenFlags } from '../../src/commands/flags/given-flags.js'

/** Checks the words of a command line as far as they can be before the values are parsed. */
async function check(line: string): Promise<void> {
  const words = readWords(line.split(' ').map((word) => (word === "''" ? '' : word)))
  const command = (await commandNamed(words.command))!
  checkFlags(command, words.flags)
  withPositional(command, givenFlags(words, command.flags))
}

describe('an unknown flag', () => {
  test.each([
    ['--img-pth=a', 'Unknown flag: --img-pth\nDid you mean --img-path?'],
    ['--imgPth', 'Unknown flag: --imgPth\nDid you mean --img-path?'],
    ['--top-k 5', 'Unknown flag: --top-k\nDid you mean --topk?'],
    ['-img-path', 'Unknown flag: -img-path\nDid you mean --img-path?'],
    ['-topk=5', 'Unknown flag: -topk\nDid you mean --topk?'],
    ['-verbose', 'Unknown flag: -verbose\nDid you mean --verbose?'],
    ['--no-auto-oreint', 'Unknown flag: --no-auto-oreint\nDid you mean --no-auto-orient?'],
    ['--frobnicate', 'Unknown flag: --frobnicate'],
    ['--constructor', 'Unknown flag: --constructor'],
    ['-x', 'Unknown flag: -x'],
    ['-z', 'Unknown flag: -z'],
    ['-qz', 'Unknown flag: -qz'],
    ['--noExakt', 'Unknown flag: --noExakt\nDid you mean --no-exact?'],
    ['--no-exact=true', 'Unknown flag: --no-exact=true\nUse --no-exact without a value.'],
    ['-mnet', 'Unknown flag: -mnet\nA value of -m needs a space or =: -m net'],
    ['-m./net', 'Unknown flag: -m./net\nA value of -m needs a space or =: -m ./net'],
    ['-k5x', 'Unknown flag: -k5x\nA value of -k needs a space or =: -k 5x'],
  ])('%s', async (word, message) => {
    const line = `infer --img-path a --modelDir b --no-exact --retries -1 ${word}`
    await expect(check(line)).rejects.toThrow(new Error(message))
  })

  test('a short one of other commands', async () => {
    const message = 'Unknown flag: -k\n-k is short for --topk, which doctor does not have.'
    await expect(check('doctor -k 5')).rejects.toThrow(new Error(message))
  })
})

describe('words without a flag', () => {
  test.each([
    ['setup now', 'Unexpected argument: now\npaddle-ts setup takes flags only.'],
    ['doctor --json all', 'Unexpected argument: all\npaddle-ts doctor takes flags only.'],
    ['export -- resnet18', 'Unexpected argument: resnet18\npaddle-ts export takes flags only.'],
    [
      'inspect a b',
      'Expected one value for --model-dir, got 2: a, b.\nWords without a flag are values of --model-dir.',
    ],
    [
      'convert a --save-dir b -m c',
      'Expected one value for --model-dir, got 2: a, c.\nWords without a flag are values of --model-dir.',
    ],
  ])('%s', async (line, message) => {
    await expect(check(line)).rejects.toThrow(new Error(message))
  })
})

describe('a flag without its value', () => {
  test.each([
    ['setup --wheel', 'Expected a value for --wheel.'],
    ['infer --model-dir --json', 'Expected a value for --model-dir.'],
    ['infer -m', 'Expected a value for --model-dir.\n-m is short for --model-dir.'],
    ['infer -mk 5', 'Expected a value for --model-dir.\n-m is short for --model-dir.'],
    ['infer a.jpg -i', 'Expected a value for --img-path.\n-i is short for --img-path.'],
    ['infer a.jpg -k -- b.jpg', 'Expected a value for --topk.\n-k is short for --topk.'],
    ['export --input-spec', 'Expected a value for --input-spec.'],
  ])('%s', async (line, message) => {
    await expect(check(line)).rejects.toThrow(new Error(message))
  })
})

test.each([
  ['infer --img-path -1 --json=x --noExact --help --help-all --quiet -- --nobody'],
  ['infer a.jpg -i b.jpg c.jpg -k3 -qo out.csv d.jpg'],
  ['inspect model'],
  ['inspect -m a -m b'],
  ["infer ''"],
])('%s is accepted', async (line) => {
  await check(line)
})

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Options } from 'yargs'
import { withPositional } from '../../src/cli/check-flags.js'
import { commandNamed } from '../../src/cli/commands.js'
import { parserFor } from '../../src/cli/parser.js'
import { readWords } from '../../src/commands/argv.js'
import { givenFlags, wordsOf } from '../../src/commands/flags/given-flags.js'

const infer = (await commandNamed('infer'))!

/** The words that yargs gets for a line of `infer`. */
const forYargs = (words: readonly string[]): readonly string[] =>
  withPositional(infer, givenFlags(readWords(['infer', ...words]), infer.flags)).flatMap(wordsOf)

describe('the words of infer for yargs', () => {
  test.each([
    ['a.jpg b/', '--img-path a.jpg --img-path b/'],
    [
      'a.jpg --img-path b.jpg c.jpg -k 3 d.jpg',
      '--img-path a.jpg --img-path b.jpg --img-path c.jpg --topk 3 --img-path d.jpg',
    ],
    ['-i a.jpg b.jpg -i c.jpg', '--img-path a.jpg --img-path b.jpg --img-path c.jpg'],
    ['-i=a.jpg b.jpg', '--img-path a.jpg --img-path b.jpg'],
    ['a.jpg -- -x.jpg --json', '--img-path a.jpg --img-path=-x.jpg --img-path=--json'],
    ['- --json', '--img-path=- --json'],
    ['--img-path - --json', '--img-path=- --json'],
    ['--json cat.jpg', '--json --img-path cat.jpg'],
    ['-q cat.jpg', '--quiet --img-path cat.jpg'],
    ['--json True cat.jpg', '--json True --img-path cat.jpg'],
    ['--use-gpu 0 --auto-orient f', '--use-gpu 0 --auto-orient f'],
    // Not a path: otherwise the flag would be on.
    ['--use-gpu no cat.jpg', '--use-gpu no --img-path cat.jpg'],
    ['--json=true cat.jpg', '--json true --img-path cat.jpg'],
    ['--no-exact cat.jpg', '--no-exact --img-path cat.jpg'],
    ['--one-dnn auto cat.jpg', '--one-dnn auto --img-path cat.jpg'],
    ['--one-dnn cat.jpg', '--one-dnn --img-path cat.jpg'],
    ['--trt-dla 0 1', '--trt-dla 0 --img-path 1'],
    ['-m/x -k5 --retries -1', '--model-dir /x --topk 5 --retries=-1'],
    ['-1', '--img-path=-1'],
  ])('%s', (line, words) => {
    expect(forYargs(line.split(' ')).join(' ')).toBe(words)
  })

  test('an empty word is not the value of a switch', () => {
    expect(forYargs(['--json', ''])).toEqual(['--json', '--img-path', ''])
  })

  test('a list takes all words up to the next flag; a file is optional', async () => {
    const { flags } = (await commandNamed('export'))!
    const words = [
      'export',
      '--input-spec',
      'x:int8[1]',
      'y:int8[1]',
      '--pretrained',
      '',
      '--pretrained',
      '-q',
    ]
    expect(givenFlags(readWords(words), flags).flatMap(wordsOf)).toEqual([
      ...['--input-spec', 'x:int8[1]', '--input-spec', 'y:int8[1]'],
      ...['--pretrained', '', '--pretrained', '--quiet'],
    ])
  })
})

// What yargs alone makes of a line, with the flags that these tests use.
const values = ['model-dir', 'topk', 'output', 'batch-size', 'python']
const switches = ['json', 'exact', 'quiet']
const forOracle = Object.fromEntries(
  [...values, ...switches, 'img-path'].map((name): [string, Options] => {
    const { alias } = infer.flags[name]!
    const kind: Options = switches.includes(name)
      ? { type: 'boolean' }
      : { type: 'string', requiresArg: true }
    return [
      name,
      {
        ...kind,
        ...(alias && { alias: [...alias] }),
        ...(name === 'img-path' && { array: true, requiresArg: false }),
      },
    ]
  }),
)

interface Meaning {
  readonly [flag: string]: unknown
  readonly images: readonly string[]
}

const listOf = (value: unknown): unknown[] => (value === undefined ? [] : [value].flat())

/** All values of each flag, the last one of a switch, and the images, whether with or without a flag. */
function meaningOf(args: Readonly<Record<string, unknown>>): Meaning {
  const images = [...listOf(args['img-path']), ...listOf(args['_'])].map(String).sort()
  return {
    ...Object.fromEntries(values.map((name) => [name, listOf(args[name])])),
    ...Object.fromEntries(switches.map((name) => [name, args[name]])),
    images,
  }
}

function byYargs(words: readonly string[]): Meaning | 'invalid' {
  try {
    return meaningOf(parserFor(words).options(forOracle).help(false).version(false).parseSync())
  } catch {
    return 'invalid'
  }
}

function byReader(words: readonly string[]): Meaning | 'invalid' {
  let given
  try {
    given = withPositional(infer, givenFlags(readWords(['infer', ...words]), infer.flags))
  } catch {
    return 'invalid'
  }
  const all = (name: string) => given.filter((one) => one.name === name).map(({ value }) => value)
  const last = (name: string) => {
    const value = all(name).at(-1)
    return all(name).length === 0 ? undefined : value !== false && value !== 'false'
  }
  return {
    ...Object.fromEntries(values.map((name) => [name, all(name)])),
    ...Object.fromEntries(switches.map((name) => [name, last(name)])),
    images: all('img-path').map(String).sort(),
  }
}

const oneOf = (words: string) => fc.constantFrom(...words.split(' '))
const word = fc.oneof(
  fc.constantFrom('a b', ''),
  oneOf('a.jpg b/ - -1 -1.5 3 true false é x=y --'),
  oneOf('-k -k5 -k=5 -k-5 -k1.5 -m -m/x -m~x -m=x -o -o=/x.y=z -o@x -i -i=a -i/a -q -qk -qk5 -qq -qi -qo=x'),
  oneOf('--json --json=true --json=false --no-json --exact --no-exact --quiet --topk --topk=5 --topk=-5'),
  oneOf('--img-path --imgPath --img-path=a --imgPath=- --batchSize --batch-size=2 --python'),
)
const lines = fc.array(word, { maxLength: 8 })

test('the reader of words and yargs agree on any line', () => {
  fc.assert(
    fc.property(lines, (words) => {
      // yargs ignores a list without a value.
      const own = byReader(words)
      fc.pre(own !== 'invalid' || byYargs(words) === 'invalid' || !lacksImage(words))
      expect(own).toEqual(byYargs(words))
    }),
    { numRuns: 1000 },
  )
})

/** Whether a flag for images has no value. */
function lacksImage(words: readonly string[]): boolean {
  const { flags } = readWords(['infer', ...words])
  return flags.some(
    ({ name, tied, words: after }) => name === 'img-path' && tied === undefined && after.length === 0,
  )
}

test('yargs makes the same of the words that it gets', () => {
  fc.assert(
    fc.property(lines, (words) => {
      const own = byReader(words)
      fc.pre(own !== 'invalid')
      expect(byYargs(forYargs(words))).toEqual(own)
    }),
    { numRuns: 500 },
  )
})

import { describe, expect, test } from '@jest/globals'
import { allCommands } from '../../src/cli/commands.js'
import {
  aliasesOf,
  commandFor,
  commandNames,
  lastValue,
  readWords,
  shortFlags,
} from '../../src/commands/argv.js'
import { taskNames } from '../../src/tasks/registry.js'

const commands = await allCommands()

/** The command and the flags of a line, each with its attached value. */
const read = (line: string) => {
  const { command, flags } = readWords(line === '' ? [] : line.split(' '))
  return [command, ...flags.map(({ name, tied }) => (tied === undefined ? name : `${name}=${String(tied)}`))]
}

test('a line is split into command, words and flags in all notations', () => {
  const line =
    'benchmark a.jpg - --model-dir m --no-one-dnn b --noExact --workers 1,2 --deletePass=a=b --retries -1 -x -k 5 -- --none -'
  expect(readWords(line.split(' '))).toEqual({
    command: 'benchmark',
    before: ['a.jpg', '-'],
    flags: [
      { name: 'model-dir', typed: '--model-dir', tied: undefined, words: ['m'] },
      { name: 'one-dnn', typed: '--no-one-dnn', tied: false, words: ['b'] },
      { name: 'exact', typed: '--noExact', tied: false, words: [] },
      { name: 'workers', typed: '--workers', tied: undefined, words: ['1,2'] },
      { name: 'delete-pass', typed: '--deletePass', tied: 'a=b', words: [] },
      { name: 'retries', typed: '--retries', tied: undefined, words: ['-1'] },
      { name: '-x', typed: '-x', tied: undefined, words: [] },
      { name: 'topk', typed: '-k', tied: undefined, words: ['5'] },
    ],
    after: ['--none', '-'],
  })
})

test.each([
  ['', [undefined]],
  ['--json doctor', [undefined, 'json']],
  ['infer -h', ['infer', 'help']],
  ['infer -k5', ['infer', 'topk=5']],
  ['infer -k=5', ['infer', 'topk=5']],
  ['infer -k-5', ['infer', 'topk=-5']],
  ['infer -k=', ['infer', 'topk=']],
  ['infer -qk5', ['infer', 'quiet', 'topk=5']],
  ['infer -qh', ['infer', 'quiet', 'help']],
  ['infer -m/model', ['infer', 'model-dir=/model']],
  ['infer -m./model', ['infer', '-m./model']],
  ['infer -m=a=b', ['infer', 'model-dir=a=b']],
  ['infer -mk', ['infer', 'model-dir', 'topk']],
  // A word with an unknown letter is one flag, which no command has.
  ['infer -model', ['infer', '-model']],
  ['infer -verbose', ['infer', '-verbose']],
  ['infer -k5x', ['infer', '-k5x']],
  ['infer -5x', ['infer', '-5x']],
  ['infer --no-exact=true', ['infer', 'no-exact=true']],
  ['-V', [undefined, 'version']],
  ['-vk', [undefined, 'version', 'topk']],
  ['version', [undefined, 'version']],
  ['version --python p', [undefined, 'version', 'python']],
  ['help', [undefined, 'help']],
  ['help infer', ['infer', 'help']],
  ['help infer --help-all', ['infer', 'help', 'help-all']],
  ['help help', [undefined, 'help']],
  ['help version', [undefined, 'help']],
  ['help --json', [undefined, 'help', 'json']],
])('%s', (line, parts) => {
  expect(read(line)).toEqual(parts)
})

test('no flag starts with no-, which negates another one', () => {
  const names = commands.flatMap(({ flags }) => Object.keys(flags))
  expect(names.filter((name) => name.startsWith('no-'))).toEqual([])
})

test('each short flag is one of a flag that commands have', () => {
  const names = new Set([...commands.flatMap(({ flags }) => Object.keys(flags)), 'help', 'version'])
  expect(Object.values(shortFlags).filter((name) => !names.has(name))).toEqual([])
  expect(commands.find(({ name }) => name === 'infer')!.flags['topk']).toMatchObject({ alias: ['k'] })
})

describe('commands', () => {
  test.each([
    ['infer', 'infer'],
    ['predict', 'infer'],
    ['classify', 'infer'],
    ['doctor', 'doctor'],
    ['detect', 'detect'],
    ['constructor', 'constructor'],
    [undefined, undefined],
  ])('%s is %s', async (word, name) => {
    expect(await commandFor(word)).toBe(name)
  })

  test('have different names', async () => {
    const aliases = (await Promise.all(commandNames.map(aliasesOf))).flat()
    const names = [...commandNames, ...aliases, 'help', 'version']
    expect(new Set(names).size).toBe(names.length)
    expect(commands.flatMap((command) => command.aliases)).toEqual(aliases)
    expect(aliases.filter((alias) => taskNames.some((name) => name === alias))).toEqual(['classify'])
  })

  test.each(commands.map((command) => [command.name, command] as const))(
    '%s takes lists only for its words, or as a flag of a command without any',
    (_, { flags, positional }) => {
      if (!positional) return
      expect(flags).toHaveProperty([positional.flag])
      expect(Object.keys(flags).filter((name) => flags[name]!.array)).toEqual(
        flags[positional.flag]!.several ? [positional.flag] : [],
      )
    },
  )
})

test.each([
  ['infer', undefined],
  ['infer --config a.json', 'a.json'],
  ['infer a.jpg -k5 --config a.json b.jpg', 'a.json'],
  ['infer --config=a=b', 'a=b'],
  ['infer --config a --config b', 'b'],
  ['infer --config a --no-config', false],
  ['infer --config', ''],
  ['infer --config --json', ''],
  ['infer --config -q', ''],
  ['infer -- --config a', undefined],
  ['infer --configs a', undefined],
])('the value of --config before yargs is loaded: %s', (line, value) => {
  expect(lastValue(readWords(line.split(' ')).flags, 'config')).toBe(value)
})

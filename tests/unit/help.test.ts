import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { checkFlags, withPositional } from '../../src/cli/check-flags.js'
import { allCommands } from '../../src/cli/commands.js'
import { helpOf, helpOfAll } from '../../src/cli/help.js'
import { parserFor } from '../../src/cli/parser.js'
import { readWords } from '../../src/commands/argv.js'
import { givenFlags, wordsOf } from '../../src/commands/flags/given-flags.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const commands = await allCommands()

/** The help on a terminal with this number of columns. */
async function at(columns: number, help: () => Promise<string>): Promise<string[]> {
  const before = process.stdout.columns
  process.stdout.columns = columns
  try {
    return (await help()).split('\n')
  } finally {
    process.stdout.columns = before
  }
}

/** The words of a shell line whose last command is paddle-ts. */
function wordsOfLine(line: string): string[] {
  const [, own = ''] = /paddle-ts (.*?)(?: >.*)?\)?$/s.exec(line) ?? []
  return [...own.matchAll(/'([^']*)'|[^\s\\]+/g)].map(([word, quoted]) => quoted ?? word)
}

/** The long flags that a help lists. */
function flagsIn(lines: readonly string[]): string[] {
  const end = lines.indexOf('Examples:')
  return lines.slice(0, end).flatMap((line) => /^ {2}(?:-\w, | {4})?--([\w-]+)(?: |$)/.exec(line)?.[1] ?? [])
}

test('the program’s help lists all commands with their other names, and the page', async () => {
  const lines = await at(80, () => helpOfAll(commands))
  const text = lines.join(' ').replace(/\s+/g, ' ')
  for (const { name, describe } of commands) expect(text).toContain(`paddle-ts ${name} ${describe}`)
  expect(text).toContain('feature vectors (also: predict, classify) paddle-ts verify ')
  expect(lines.filter((line) => /^ {2}-/.test(line))).toEqual([
    '  -h, --help         Show this help',
    '  -v, -V, --version  Show the versions of paddle-ts and of the wheel',
  ])
  expect(lines.at(-1)).toBe('Guide: docs/cli.md')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
})

describe.each(commands.map((command) => [command.name, command] as const))('%s --help', (name, command) => {
  const { flags, positional, describe, examples, guide } = command

  test.each(['common', 'all'] as const)(
    'fits 80 columns, in groups, the general one last: %s',
    async (extent) => {
      const lines = await at(80, () => helpOf(command, extent))
      expect(lines.filter((line) => line.length > 80)).toEqual([])
      const words: Readonly<Record<string, string>> = {
        infer: ' [image…]',
        verify: ' <image…>',
        benchmark: ' [image…]',
        inspect: ' [model]',
        convert: ' <model>',
      }
      expect(lines[0]).toBe(`paddle-ts ${name}${words[name] ?? ''} [flags]`)
      expect(lines[2]).toBe(`${describe}.`)
      expect(lines[3]).toBe(positional ? `Words without a flag are values of --${positional.flag}.` : '')
      const groups = lines.filter((line) => /^\S.*:$/.test(line))
      expect(groups).not.toContain('Options:')
      expect(groups.slice(-2)).toEqual(['General:', 'Examples:'])
      // Examples must not be wrapped.
      for (const [, line] of examples) {
        for (const part of line.split('\n')) expect(lines.map((one) => one.trim())).toContain(part.trim())
      }
      expect(lines.at(-1)).toBe(`Guide: ${guide}`)
      expect(existsSync(`${root}${guide}`)).toBe(true)
    },
  )

  test('lists the common flags, and how many more there are', async () => {
    const all = flagsIn(await at(80, () => helpOf(command, 'all')))
    expect(all.sort()).toEqual([...Object.keys(flags), 'help'].sort())
    const short = await at(80, () => helpOf(command, 'common'))
    const listed = flagsIn(short)
    expect(listed.length).toBeLessThanOrEqual(21)
    for (const letter of Object.values(flags).flatMap(({ alias = [] }) => alias)) {
      expect(short.filter((line) => line.startsWith(`  -${letter}, --`))).toHaveLength(1)
    }
    const hidden = all.filter((flag) => !listed.includes(flag))
    const more = short.filter((line) => line.endsWith(' --help-all'))
    expect(more).toEqual(
      hidden.length === 0 ? [] : [`${hidden.length} more flags: paddle-ts ${name} --help-all`],
    )
    expect(listed.includes('help-all')).toBe(hidden.length > 0)
  })

  test.each(examples.map(([, line]) => line))('%s', async (line) => {
    const words = readWords(wordsOfLine(line))
    expect(words.command).toBe(name)
    checkFlags(command, words.flags)
    const own = withPositional(command, givenFlags(words, flags)).flatMap(wordsOf)
    const args = await parserFor(own).options(flags).strict().help(false).parseAsync()
    expect((await command.check?.(args)) ?? true).toBe(true)
  })
})

test('a default of one word stays on one line, and long names are not split', async () => {
  const lines = await at(80, () =>
    helpOf(
      commands.find(({ name }) => name === 'infer')!,
      'all',
    ),
  )
  const split = lines.filter((line, at) => line.endsWith('[default:') && /^ +\S+\]$/.test(lines[at + 1]!))
  expect(split).toEqual([])
  expect(lines.filter((line) => line.includes('-adaptive-'))).toEqual([
    '      --xpu-transformer-encoder-adaptive-seqlen Adapt to sequences of different',
  ])
})

test('lines have at most 110 columns, even on a wider terminal', async () => {
  const lines = await at(200, () => helpOf(commands[0]!, 'all'))
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110)
  expect(Math.max(...lines.map((line) => line.length))).toBeGreaterThan(80)
})

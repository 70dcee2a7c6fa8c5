import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { checkFlags } from '../../src/cli/command-line.js'
import { allCommands } from '../../src/cli/commands.js'
import { helpOf, helpOfAll } from '../../src/cli/help.js'
import { parserFor } from '../../src/cli/parser.js'
import { readWords } from '../../src/commands/argv.js'

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
function wordsOf(line: string): string[] {
  const [, own = ''] = /paddle-ts (.*?)(?: >.*)?\)?$/s.exec(line) ?? []
  return [...own.matchAll(/'([^']*)'|[^\s\\]+/g)].map(([word, quoted]) => quoted ?? word)
}

test('the program’s help lists all commands and the page', async () => {
  const lines = await at(80, () => helpOfAll(commands))
  for (const { name, describe } of commands) {
    expect(lines.join(' ').replace(/\s+/g, ' ')).toContain(`paddle-ts ${name} ${describe}`)
  }
  expect(lines.at(-1)).toBe('Guide: docs/cli.md')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
})

describe.each(commands.map((command) => [command.name, command] as const))('%s --help', (name, command) => {
  test('fits 80 columns, and lists all flags in groups, the general ones last', async () => {
    const lines = await at(80, () => helpOf(command))
    expect(lines.filter((line) => line.length > 80)).toEqual([])
    expect(lines[0]).toBe(`paddle-ts ${name} [flags]`)
    expect(lines[2]).toBe(`${command.describe}.`)
    const groups = lines.filter((line) => /^\S.*:$/.test(line))
    expect(groups).not.toContain('Options:')
    expect(groups.slice(-2)).toEqual(['General:', 'Examples:'])
    const flags = lines.flatMap((line) => /^ {2}--([\w-]+)(?: |$)/.exec(line)?.[1] ?? [])
    expect(flags.sort()).toEqual([...Object.keys(command.flags), 'help'].sort())
    // Examples must not be wrapped.
    for (const [, line] of command.examples) {
      for (const part of line.split('\n')) expect(lines.map((one) => one.trim())).toContain(part.trim())
    }
    expect(lines.at(-1)).toBe(`Guide: ${command.guide}`)
    expect(existsSync(`${root}${command.guide}`)).toBe(true)
  })

  test.each(command.examples.map(([, line]) => line))('%s', async (line) => {
    const { command: first, flags, words } = readWords(wordsOf(line))
    expect(first).toBe(name)
    checkFlags(command, flags)
    const args = await parserFor(words).options(command.flags).strict().help(false).parseAsync()
    expect((await command.check?.(args)) ?? true).toBe(true)
  })
})

test('lines have at most 110 columns, even on a wider terminal', async () => {
  const lines = await at(200, () => helpOf(commands[0]!))
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110)
  expect(Math.max(...lines.map((line) => line.length))).toBeGreaterThan(80)
})

import type { Argv } from 'yargs'
import type { Command } from '../commands/command.js'
import type { CommandFlags } from '../commands/flags/flag.js'
import { groups } from '../commands/flags/shared-flags.js'
import { programWords } from '../commands/terminal/command-name.js'
import { shortFlagsOf } from './commands.js'
import { guidePath } from './guide-path.js'
import { parserFor } from './parser.js'

/** Longer lines are hard to read. */
const widest = 110

/** The longest names require this width. */
const narrowest = 80

/** A command with more flags has a short help with the common ones. */
const mostFlags = 20

/** The help of one command, with the common flags or all of them. */
export async function helpOf(command: Command, extent: 'common' | 'all'): Promise<string> {
  const { name, examples, guide } = command
  const { flags, hidden } =
    extent === 'all' ? { flags: command.flags, hidden: 0 } : commonFlags(command.flags)
  const all = `paddle-ts ${name} --help-all`
  const parser = parserFor([])
    .usage(`$0 ${usageOf(command)}`)
    .options(unbroken(flags))
    .group('help', groups.general)
  if (hidden > 0) parser.option('help-all', { describe: 'Show all flags', group: groups.general })
  parser.version(false)
  if (hidden > 0) parser.epilogue(`${hidden} more flags: ${all}\n`)
  parser.epilogue(
    `Examples:\n${examples.map(([does, line]) => `  ${does}\n    ${indented(line)}`).join('\n')}`,
  )
  return `${await laidOut(parser)}\n\nGuide: ${guidePath(guide)}`
}

/** The flags of the short help: all of them if they are few. */
function commonFlags(flags: CommandFlags): { readonly flags: CommandFlags; readonly hidden: number } {
  const all = Object.entries(flags)
  if (all.length <= mostFlags) return { flags, hidden: 0 }
  const common = all.filter(([, flag]) => flag.common)
  return { flags: Object.fromEntries(common), hidden: all.length - common.length }
}

/** The words of a command, and what it does. */
function usageOf({ name, describe, positional }: Command): string {
  if (!positional) return `${name} [flags]\n\n${describe}.`
  const { flag, shown } = positional
  return `${name} ${shown} [flags]\n\n${describe}.\nWords without a flag are values of --${flag}.`
}

/** The help of the program. */
export async function helpOfAll(commands: readonly Command[]): Promise<string> {
  const parser = parserFor([])
    .usage('$0 <command> [flags]')
    .group(['help', 'version'], 'Flags:')
    .alias('version', shortFlagsOf('version'))
    .describe('version', 'Show the versions of paddle-ts and of the wheel')
    .epilogue(
      'Examples:\n' +
        '  Read the characters in a folder of images, with the built-in model:\n' +
        '    paddle-ts infer images/characters\n' +
        '  Export a network of paddle.vision.models, and classify an image:\n' +
        '    paddle-ts export --save-inference-dir model\n' +
        '    paddle-ts infer images/demo.jpg -m model -k 3\n' +
        '  Find problems of the installation:\n' +
        '    paddle-ts doctor',
    )
    .epilogue(
      '\nHelp of a command: paddle-ts infer --help\n' +
        'Defaults for flags: PADDLE_TS_… variables, package.json or paddle-ts.config.json.',
    )
  for (const { name, aliases = [], describe } of commands) {
    // In yargs' own layout, aliases touch the description.
    parser.command(name, aliases.length > 0 ? `${describe} (also: ${aliases.join(', ')})` : describe)
  }
  return `${await laidOut(parser)}\nGuide: ${guidePath('docs/cli.md')}`
}

/** Indents the continuation lines of an example. */
function indented(line: string): string {
  return line.replaceAll('\n', '\n  ')
}

async function laidOut(parser: Argv): Promise<string> {
  const text = await withoutTypes(parser)
    .scriptName(programWords().join(' '))
    .alias('help', shortFlagsOf('help'))
    .describe('help', 'Show this help')
    .wrap(Math.max(narrowest, Math.min(widest, process.stdout.columns || widest)))
    .getHelp()
  return mended(text).replaceAll(noBreak, ' ')
}

const noBreak = '\u00A0'

/** Keeps a default of one word on one line: `[default: false]`. */
function unbroken(flags: CommandFlags): CommandFlags {
  const entries = Object.entries(flags).map(([name, { describe = '', ...flag }]) => {
    return [name, { ...flag, describe: describe.replace(/: (?=\S+\]$)/, `:${noBreak}`) }] as const
  })
  return Object.fromEntries(entries)
}

/** Joins names that yargs splits over two lines because they exceed half of the width. */
function mended(text: string): string {
  return text.replace(
    /^( +)(--[\w-]+) {2}(.*)\n\1(\w+)/gm,
    (_, indent: string, name: string, describe: string, end: string) =>
      `${indent}${name}${end} ${describe}\n${indent}${' '.repeat(end.length)}`,
  )
}

/**
 * Hides the types, which are nearly always strings; descriptions include the rest. The types of yargs lack
 * this.
 */
function withoutTypes(parser: Argv): Argv {
  const { usageConfiguration } = parser as Argv & {
    usageConfiguration: (this: Argv, given: { readonly 'hide-types': boolean }) => Argv
  }
  return usageConfiguration.call(parser, { 'hide-types': true })
}

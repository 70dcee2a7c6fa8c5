import type { Argv } from 'yargs'
import type { Command } from '../commands/command.js'
import { groups } from '../commands/flags/shared-flags.js'
import { parserFor } from './parser.js'

/** Longer lines are hard to read. */
const widest = 110

/** The longest names require this width. */
const narrowest = 80

/** The help of one command. */
export function helpOf({ name, describe, flags, examples, guide }: Command): Promise<string> {
  const parser = parserFor([])
    .usage(`$0 ${name} [flags]\n\n${describe}.`)
    .options(flags)
    .group('help', groups.general)
    .version(false)
    .epilogue(`Examples:\n${examples.map(([does, line]) => `  ${does}\n    ${indented(line)}`).join('\n')}`)
    .epilogue(`\nGuide: ${guide}`)
  return laidOut(parser)
}

/** The help of the program. */
export function helpOfAll(commands: readonly Command[]): Promise<string> {
  const parser = parserFor([])
    .usage('$0 <command> [flags]')
    .group(['help', 'version'], 'Flags:')
    .describe('version', 'Show the versions of paddle-ts and of the wheel; also -V')
    .epilogue(
      'Examples:\n' +
        '  Classify images with the built-in model:\n' +
        '    paddle-ts infer --img-path images/characters\n' +
        '  Export a network of paddle.vision.models, and classify an image:\n' +
        '    paddle-ts export --save-inference-dir model\n' +
        '    paddle-ts infer --model-dir model --img-path images/demo.jpg\n' +
        '  Find problems of the installation:\n' +
        '    paddle-ts doctor',
    )
    .epilogue(
      '\nHelp of a command: paddle-ts infer --help\n' +
        'Defaults for flags: PADDLE_TS_… variables, package.json or paddle-ts.config.json.\n' +
        'Guide: docs/cli.md',
    )
  for (const { name, describe } of commands) parser.command(name, describe)
  return laidOut(parser)
}

/** Indents the continuation lines of an example. */
function indented(line: string): string {
  return line.replaceAll('\n', '\n  ')
}

async function laidOut(parser: Argv): Promise<string> {
  const text = await withoutTypes(parser)
    .describe('help', 'Show this help; also -h')
    .wrap(Math.max(narrowest, Math.min(widest, process.stdout.columns || widest)))
    .getHelp()
  return mended(text)
}

/** Joins names that yargs splits over two lines because they exceed half of the width. */
function mended(text: string): string {
  return text.replace(
    /^( {2}--[\w-]+) {2}(.*)\n {2}(\w+)/gm,
    (_, name: string, describe: string, end: string) =>
      `${name}${end} ${describe}\n  ${' '.repeat(end.length)}`,
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

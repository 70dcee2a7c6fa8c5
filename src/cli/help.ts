import type { Argv } from 'yargs'
import type { Command } from '../commands/command.js'
import { groups } from '../commands/flags/shared-flags.js'
import { parserFor } from './parser.js'

/** Longer lines are hard to read. */
const widest = 110

/** The longest names would not fit into less. */
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
    .describe('version', 'Show the versions of paddle-ts and of Paddle’s wheel, as -V')
    .epilogue(
      'Examples:\n' +
        '  What an image shows, by the model that comes with the package:\n' +
        '    paddle-ts infer --img-path images/characters\n' +
        '  A network of paddle.vision.models becomes a model, which answers an image:\n' +
        '    paddle-ts export --save-inference-dir model\n' +
        '    paddle-ts infer --model-dir model --img-path images/demo.jpg\n' +
        '  What is wrong, if anything is:\n' +
        '    paddle-ts doctor',
    )
    .epilogue(
      '\nEach command has its own help: paddle-ts infer --help\n' +
        'Flags may also be given by PADDLE_TS_… variables, by package.json and by a file.\n' +
        'Guide: docs/cli.md',
    )
  for (const { name, describe } of commands) parser.command(name, describe)
  return laidOut(parser)
}

/** A line that goes on in the next one. */
function indented(line: string): string {
  return line.replaceAll('\n', '\n  ')
}

async function laidOut(parser: Argv): Promise<string> {
  const text = await withoutTypes(parser)
    .describe('help', 'Show this help, as -h')
    .wrap(Math.max(narrowest, Math.min(widest, process.stdout.columns || widest)))
    .getHelp()
  return mended(text)
}

/** yargs gives a flag half of the line, and puts the end of a longer name into the next one. */
function mended(text: string): string {
  return text.replace(
    /^( {2}--[\w-]+) {2}(.*)\n {2}(\w+)/gm,
    (_, name: string, describe: string, end: string) =>
      `${name}${end} ${describe}\n  ${' '.repeat(end.length)}`,
  )
}

/** Texts are what nearly all flags take; what else there is to know stands in the descriptions. yargs' types lack it. */
function withoutTypes(parser: Argv): Argv {
  const { usageConfiguration } = parser as Argv & {
    usageConfiguration: (this: Argv, given: { readonly 'hide-types': boolean }) => Argv
  }
  return usageConfiguration.call(parser, { 'hide-types': true })
}

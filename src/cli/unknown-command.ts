import { readdirSync, statSync, type Stats } from 'node:fs'
import { commandNames, type CommandWords } from '../commands/argv.js'
import { didYouMean } from '../commands/did-you-mean.js'
import { shellCommand } from '../commands/terminal/shell-command.js'
import { shownValue } from '../errors.js'
import { otherWords } from './commands.js'
import { guidePath } from './guide-path.js'
import { UsageError } from './usage-error.js'

/** The error of a command line that names no command: one without a command, or with an unknown one. */
export async function unknownCommand(line: CommandWords): Promise<UsageError> {
  const { command, flags } = line
  if (command !== undefined)
    return new UsageError(`Unknown command: ${shownValue(command)}${await adviceFor(line, command)}`)
  if (flags.length === 0) return new UsageError('Expected a command.')
  const meant = flags.some(({ name }) => name === 'img-path')
    ? `\nUse: ${shellCommand(['paddle-ts', 'infer', ...typedWords(line)])}`
    : didYouMean(
        flags[0]?.name.replace(/^-/, '') ?? '',
        ['help', 'help-all', 'version'],
        (name) => `--${name}`,
      )
  return new UsageError(`Expected a command before the flags.${meant}`)
}

/** The lines after the error; `''` if nothing similar exists. */
async function adviceFor(line: CommandWords, word: string): Promise<string> {
  if (Object.hasOwn(others, word)) return `\n${others[word]?.() ?? ''}`
  const { taskFlag } = await import('../commands/flags/task-flags.js')
  if (taskFlag.task.words?.includes(word)) {
    // Only a classifier is built in, and its name is an alias of the command.
    const model = line.flags.some(({ name }) => name === 'model-dir') ? [] : ['-m', 'DIR']
    return `\nUse: ${shellCommand(['paddle-ts', 'infer', '--task', word, ...typedWords(line), ...model])}`
  }
  const command = commandForPath(word)
  if (command !== undefined) {
    return `\nUse: ${shellCommand(['paddle-ts', command, word, ...typedWords(line)])}`
  }
  const names = [...commandNames, ...Object.keys(await otherWords())]
  const begun = commandNames.find((name) => word.length >= 3 && name.startsWith(word))
  return begun === undefined ? didYouMean(word, names) : `\nDid you mean ${begun}?`
}

/** Words that users of similar programs try, with what paddle-ts has instead. */
const others: Readonly<Record<string, () => string>> = {
  ocr: () =>
    'paddle-ts infer reads one printed character per image. To read lines of text, run a recognition model in a ' +
    `Pipeline of the library.\nGuide: ${guidePath('docs/tasks.md')}, “Any model”`,
  serve: inServer,
  server: inServer,
  bench: () => 'Did you mean benchmark?',
  check: () => 'Did you mean doctor?',
  info: () => 'Did you mean inspect?',
  install: () => 'Did you mean setup?',
  run: () => 'Did you mean infer?',
}

function inServer(): string {
  return (
    'paddle-ts includes no server. In a server of your own, load a model once with the library, and answer each ' +
    `request with one call.\nGuide: ${guidePath('docs/tasks.md')}, “One input, one call”`
  )
}

/** The command for a path in the place of a command: a model is inspected, anything else is an image. */
function commandForPath(word: string): 'inspect' | 'infer' | undefined {
  const found = statsOf(word)
  if (found?.isDirectory()) return holdsModel(word) ? 'inspect' : 'infer'
  if (/\.(?:pdmodel|pdiparams|json)$/i.test(word)) return 'inspect'
  return found || /[/*]|\.\w+$/.test(word) ? 'infer' : undefined
}

/** Undefined also for a path that is too long, a circle of links, or a folder without permission. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

function holdsModel(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => /\.(?:pdmodel|pdiparams)$/.test(name))
  } catch {
    return false
  }
}

/** The words after the command, as typed. */
function typedWords({ before, flags, after }: CommandWords): string[] {
  const own = flags.flatMap(({ typed, tied, words }) => [
    typeof tied === 'string' ? `${typed}=${tied}` : typed,
    ...words,
  ])
  return [...before, ...own, ...(after.length > 0 ? ['--', ...after] : [])]
}

import { commandNames, lastValue, readWords, type TypedFlag } from '../commands/argv.js'
import type { Command } from '../commands/command.js'
import type { CommandFlag } from '../commands/flags/flag.js'
import { allCommands, commandNamed, otherWords } from './commands.js'

/** A completion, with its description. */
type Candidate = readonly [word: string, describe: string]

/** Prints the completions of the last word for a shell, one per line; none where a file is possible. */
export async function complete([, ...typed]: readonly string[]): Promise<void> {
  // Only the script for zsh sets this variable; zsh also shows descriptions.
  const isZsh = process.env['COMP_LINE'] !== undefined
  const line = ([word, describe]: Candidate): string =>
    isZsh && describe !== '' ? `${word.replaceAll(':', String.raw`\:`)}:${describe}` : word
  const lines = (await candidates(typed)).map((candidate) => `${line(candidate)}\n`)
  process.stdout.write(lines.join(''))
}

async function candidates(typed: readonly string[]): Promise<readonly Candidate[]> {
  const [first, ...rest] = typed
  const current = typed.at(-1) ?? ''
  if (rest.length === 0) return commandsFrom(first ?? '')
  if (first === 'help') return rest.length === 1 ? commandsFrom(current) : []
  const command = await commandNamed(first)
  if (!command) return []
  // bash splits `--task=classify` into three words; zsh does not.
  const words = typed.slice(0, -1).filter((word) => word !== '=')
  const tied = /^-[^=]+=/.exec(current)?.[0]
  if (tied !== undefined) {
    const flag = flagBefore(command, [...words, tied.slice(0, -1)])
    return flag ? valuesOf(flag, current.slice(tied.length), tied) : []
  }
  const flag = flagBefore(command, words)
  const values = flag && !mayEnd(flag, current) ? valuesOf(flag, current) : []
  if (values.length > 0 || (flag && needsValue(flag)) || words.includes('--')) return values
  const isFile = current === '' && command.positional !== undefined
  return !isFile && (current === '' || current.startsWith('-'))
    ? flagsOf(command, readWords(words).flags, current)
    : []
}

async function commandsFrom(current: string): Promise<readonly Candidate[]> {
  if (current.startsWith('-')) return [help, ['--version', 'Show versions']]
  // A list of everything has each command once.
  const others = Object.entries(current === '' ? {} : await otherWords())
  // Only zsh shows descriptions, which require loading the commands.
  if (process.env['COMP_LINE'] === undefined) return [...commandNames.map(bare), ...others]
  return [...(await allCommands()).map(({ name, describe }): Candidate => [name, describe]), ...others]
}

function bare(word: string): Candidate {
  return [word, '']
}

const help: Candidate = ['--help', 'Show help']
const helpAll: Candidate = ['--help-all', 'Show all flags']

/** The flag whose value is being typed. */
function flagBefore({ flags }: Command, before: readonly string[]): CommandFlag | undefined {
  const last = readWords(before).flags.at(-1)
  const isOpen = last?.tied === undefined && last?.words.length === 0
  return isOpen && Object.hasOwn(flags, last.name) ? flags[last.name] : undefined
}

/** @param tied - the start of the word, if the value is a part of it */
function valuesOf({ words = [] }: CommandFlag, current: string, tied = ''): Candidate[] {
  return words.filter((word) => word.startsWith(current)).map((word) => [`${tied}${word}`, ''])
}

/** A switch does not require a value. */
function mayEnd({ kind }: CommandFlag, current: string): boolean {
  return kind === 'switch' && current === ''
}

/** Whether a value must follow; after a switch, another flag may follow. */
function needsValue({ words = [] }: CommandFlag): boolean {
  return !words.includes('true')
}

function flagsOf({ flags }: Command, before: readonly TypedFlag[], current: string): Candidate[] {
  const isNegated = current.startsWith('--no-')
  const left = Object.entries(flags).filter(
    ([name, { several = false }]) => several || lastValue(before, name) === undefined,
  )
  const named = left.flatMap(([name, { kind, describe = '' }]): Candidate[] =>
    isNegated ? (kind === 'switch' ? [[`--no-${name}`, describe]] : []) : [[`--${name}`, describe]],
  )
  return isNegated ? named : [...named, help, helpAll]
}

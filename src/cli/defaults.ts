import { isAbsolute, join, relative, resolve } from 'node:path'
import { camelCase, dashed, variableOf } from '../commands/argv.js'
import type { Command } from '../commands/command.js'
import { didYouMean } from '../commands/did-you-mean.js'
import type { CommandFlag } from '../commands/flags/flag.js'
import { isRecord } from '../json.js'
import { originOf } from './check-flags.js'
import { jsonValueOf, type ConfigFile } from './config-file.js'
import { UsageError } from './usage-error.js'

/** The default of a flag, and its source. */
interface Default {
  readonly value: unknown
  readonly source: string
}

/** The defaults of a command's flags, by name. */
export type Defaults = ReadonlyMap<string, Default>

/**
 * Collects the defaults of a command's flags. Variables override the file.
 *
 * @throws UsageError if the file is invalid, whichever command the error is about
 */
export function collectDefaults(
  command: Command,
  file: ConfigFile | undefined,
  commands: readonly Command[],
): Defaults {
  const ofFile = file ? fileDefaults(command, file, commands) : []
  const variables = variableDefaults(command)
  // PADDLE_TS_PYTHON is read when the Python is resolved; `setup` needs a base Python instead.
  const hasPython = Boolean(process.env['PADDLE_TS_PYTHON']) && command.name !== 'setup'
  return new Map([...ofFile.filter(([name]) => !(hasPython && name === 'python')), ...variables])
}

/** The defaults from variables. Empty variables are ignored. */
function variableDefaults({ flags }: Command): [string, Default][] {
  return Object.keys(flags).flatMap((name): [string, Default][] => {
    const value = name === 'python' ? '' : process.env[variableOf(name)]
    return value ? [[name, { value, source: `the variable ${variableOf(name)}` }]] : []
  })
}

/**
 * Adds a line for each flag in the message that was not typed by its long name: its source, or its notation.
 *
 * @param typed - the notations of the typed flags, by name
 */
export function withSources(
  message: string,
  flags: Iterable<string>,
  defaults: Defaults,
  typed: ReadonlyMap<string, string>,
): string {
  const lines = [...flags].flatMap((flag) => {
    const notation = typed.get(flag)
    if (notation !== undefined) return originOf(flag, notation) ?? []
    const source = defaults.get(flag)?.source
    return source === undefined ? [] : [`--${flag} is set by ${source}.`]
  })
  return [message, ...lines].join('\n')
}

/** A key of the file, with its flag, and its command if it is for one command only. */
interface Entry {
  readonly key: string
  readonly flag: string
  readonly value: unknown
  /** Its name, whichever name the file uses. */
  readonly command: string | undefined
}

/**
 * The defaults from a file. Keys of the command override general ones.
 *
 * @throws UsageError if the file is invalid
 */
function fileDefaults(
  { name, flags }: Command,
  file: ConfigFile,
  commands: readonly Command[],
): [string, Default][] {
  const entries = entriesOf(file, commands)
  const ofAll = entries.filter(({ command, flag }) => command === undefined && isShared(name, flag, flags))
  const ofThis = entries.filter(({ command }) => command === name)
  return [...ofAll, ...ofThis].map((entry): [string, Default] => {
    const flag = flags[entry.flag]
    const value = flag && valueOf(entry, flag, file)
    return [entry.flag, { value, source: `"${entry.key}" in ${file.shown}` }]
  })
}

/** Whether a general key applies. The base Python of `setup` is not the Python of the other commands. */
function isShared(command: string, flag: string, flags: Command['flags']): boolean {
  return Object.hasOwn(flags, flag) && !(command === 'setup' && flag === 'python')
}

/** All keys, checked, whichever command they are for. */
function entriesOf(file: ConfigFile, commands: readonly Command[]): Entry[] {
  const every = Object.assign({}, ...commands.map(({ flags }) => flags).reverse()) as Command['flags']
  const names = commands.flatMap(namesOf)
  const entries = Object.entries(file.content).flatMap(([key, value]): Entry[] => {
    const command = isRecord(value) ? commands.find((one) => namesOf(one).includes(key)) : undefined
    if (!command) return [entryOf(file, { key, value, command: undefined }, key, every, names)]
    const inside = Object.entries(value as object).map(([inner, each]: [string, unknown]) =>
      entryOf(file, { key: `${key}.${inner}`, value: each, command: command.name }, inner, command.flags),
    )
    return once(file, inside)
  })
  return once(file, entries)
}

function namesOf({ name, aliases = [] }: Command): readonly string[] {
  return [name, ...aliases]
}

/** @param own - the key without that of the command */
function entryOf(
  file: ConfigFile,
  given: Omit<Entry, 'flag'>,
  own: string,
  flags: Command['flags'],
  others: readonly string[] = [],
): Entry {
  const { key, command } = given
  const name = dashed(own)
  const flag = name === 'config' || !Object.hasOwn(flags, name) ? undefined : flags[name]
  if (!flag) {
    const what = command === undefined ? 'not a flag of any command' : `not a flag of ${command}`
    const names = [...Object.keys(flags).filter((one) => one !== 'config'), ...others]
    const near = didYouMean(name, names, (meant) =>
      own.includes('-') || others.includes(meant) ? `"${meant}"` : `"${camelCase(meant)}"`,
    )
    throw new UsageError(`${file.shown}: "${key}" is ${what}.${near}`)
  }
  const entry = { ...given, flag: name }
  valueOf(entry, flag, file)
  return entry
}

function once(file: ConfigFile, entries: readonly Entry[]): Entry[] {
  const isSame = (a: Entry, b: Entry): boolean => a.flag === b.flag && a.command === b.command
  const twice = entries.find((entry, index) => entries.findIndex((other) => isSame(entry, other)) < index)
  if (twice) throw new UsageError(`${file.shown}: "${twice.key}" is set twice.`)
  return [...entries]
}

/** The value as on a command line. */
function valueOf({ key, value }: Entry, flag: CommandFlag, file: ConfigFile): unknown {
  const wrong = (what: string): never => {
    throw new UsageError(`${file.shown}: Expected ${what} for "${key}", got ${JSON.stringify(value)}.`)
  }
  const worded = jsonValueOf(value, flag, wrong)
  const runs = [worded].flat().some((word) => word !== false && flag.runsCode?.(String(word)))
  if (runs && !file.isNamed) {
    throw new UsageError(
      `${file.shown}: "${key}" runs a program, which a file of defaults may only do if you name it.\n` +
        `Use a flag or a variable, or name the file: --config ${file.shown}`,
    )
  }
  const located = (word: unknown): unknown =>
    flag.kind === 'path' && typeof word === 'string' && !flag.isName?.(word)
      ? pathFrom(file.folder, word)
      : word
  return Array.isArray(worded) ? worded.map(located) : located(worded)
}

/** Resolves a path relative to the file's folder; unchanged if that is the working directory. */
function pathFrom(folder: string, path: string): string {
  if (path === '' || isAbsolute(path) || resolve(folder) === process.cwd()) return path
  return relative(process.cwd(), join(folder, path)) || '.'
}

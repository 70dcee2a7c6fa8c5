import { isAbsolute, join, relative, resolve } from 'node:path'
import { camelCase, dashed, variableOf } from '../commands/argv.js'
import type { Command } from '../commands/command.js'
import { didYouMean } from '../commands/did-you-mean.js'
import type { CommandFlag } from '../commands/flags/flag.js'
import { isRecord } from '../json.js'
import { jsonValueOf, type ConfigFile } from './config-file.js'
import { UsageError } from './parser.js'

/** What a flag is when the command line does not say it, and who says so. */
interface Default {
  readonly value: unknown
  readonly source: string
}

/** The defaults of a command's flags, by their names. */
export type Defaults = ReadonlyMap<string, Default>

/**
 * What variables and a file say of a command's flags; variables go before the file.
 *
 * @throws UsageError for a file that is wrong, whichever command it is for
 */
export function collectDefaults(
  command: Command,
  file: ConfigFile | undefined,
  commands: readonly Command[],
): Defaults {
  const ofFile = file ? fileDefaults(command, file, commands) : []
  const variables = variableDefaults(command)
  // This one is read where a Python is looked for, which is not what `setup` makes one from.
  const hasPython = Boolean(process.env['PADDLE_TS_PYTHON']) && command.name !== 'setup'
  return new Map([...ofFile.filter(([name]) => !(hasPython && name === 'python')), ...variables])
}

/** An empty one says nothing. */
function variableDefaults({ flags }: Command): [string, Default][] {
  return Object.keys(flags).flatMap((name): [string, Default][] => {
    const value = name === 'python' ? '' : process.env[variableOf(name)]
    return value ? [[name, { value, source: `the variable ${variableOf(name)}` }]] : []
  })
}

/** The message with a line for each of the flags that it is about and that was not typed: who gives it. */
export function withSources(
  message: string,
  flags: Iterable<string>,
  defaults: Defaults,
  isTyped: (flag: string) => boolean,
): string {
  const lines = [...flags].flatMap((flag) => {
    const source = isTyped(flag) ? undefined : defaults.get(flag)?.source
    return source === undefined ? [] : [`--${flag} is set by ${source}.`]
  })
  return [message, ...lines].join('\n')
}

/** A key of the file: which flag it is, and whether of this command alone. */
interface Entry {
  readonly key: string
  readonly flag: string
  readonly value: unknown
  readonly command: string | undefined
}

/**
 * What a file says of a command's flags; what it says of the command alone goes before.
 *
 * @throws UsageError for anything that is wrong in it
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

/** The Python that `setup` makes one from is not the one that the others run. */
function isShared(command: string, flag: string, flags: Command['flags']): boolean {
  return Object.hasOwn(flags, flag) && !(command === 'setup' && flag === 'python')
}

/** All of them, checked: a slip is told whichever command it is for. */
function entriesOf(file: ConfigFile, commands: readonly Command[]): Entry[] {
  const every = Object.assign({}, ...commands.map(({ flags }) => flags).reverse()) as Command['flags']
  const names = commands.map(({ name }) => name)
  const entries = Object.entries(file.content).flatMap(([key, value]): Entry[] => {
    const command = isRecord(value) ? commands.find(({ name }) => name === key) : undefined
    if (!command) return [entryOf(file, { key, value, command: undefined }, every, names)]
    const inside = Object.entries(value as object).map(([inner, each]: [string, unknown]) =>
      entryOf(file, { key: `${key}.${inner}`, value: each, command: key }, command.flags),
    )
    return once(file, inside)
  })
  return once(file, entries)
}

function entryOf(
  file: ConfigFile,
  given: Omit<Entry, 'flag'>,
  flags: Command['flags'],
  others: readonly string[] = [],
): Entry {
  const { key, command } = given
  const own = key.slice(command === undefined ? 0 : command.length + 1)
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

/** The value as the command line would have it. */
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

/** A path in a file is relative to its folder; where that is the working directory, it stays as it is written. */
function pathFrom(folder: string, path: string): string {
  if (path === '' || isAbsolute(path) || resolve(folder) === process.cwd()) return path
  return relative(process.cwd(), join(folder, path)) || '.'
}

import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { commandNames, dashed, lastValue, type TypedFlag } from '../commands/argv.js'
import type { CommandFlag } from '../commands/flags/flag.js'
import { codeOf, messageOf } from '../errors.js'
import { isRecord } from '../json.js'
import { decodeText, notUtf8, textEncodings } from '../text-file.js'
import type { PredictorWarning } from '../warnings.js'
import { UsageError } from './usage-error.js'

/** A file of defaults for flags. */
export interface ConfigFile {
  /** The path in messages. */
  readonly shown: string
  /** The folder that paths in the file are relative to. */
  readonly folder: string
  /** Whether the user named the file, as opposed to a discovered one. */
  readonly isNamed: boolean
  readonly content: Readonly<Record<string, unknown>>
  /** Set if the file is not UTF-8. */
  readonly warning?: PredictorWarning
}

const fileName = 'paddle-ts.config.json'
const key = 'paddle-ts'

/**
 * Reads the file of defaults: the one that the user names, else the nearest one from the working directory up
 * to the root of its package.
 *
 * @throws UsageError if the file cannot be read or is invalid
 */
export function readConfigFile(flags: readonly TypedFlag[]): ConfigFile | undefined {
  const named = namedFile(flags)
  if (named === false) return undefined
  if (named === undefined) return foundFile(process.cwd())
  const file = configFile(resolve(named), true)
  if (file === undefined) throw new UsageError(`${named} has no "${key}" key.`)
  return file
}

/**
 * The value of `--config`, else of its variable; false for `--no-config`. An empty flag is reported later.
 */
function namedFile(flags: readonly TypedFlag[]): string | false | undefined {
  const typed = lastValue(flags, 'config') ?? process.env['PADDLE_TS_CONFIG']
  return typed === '' ? undefined : typed
}

/**
 * Finds the nearest file. Does not search above the package, because those folders may belong to other users.
 */
function foundFile(start: string): ConfigFile | undefined {
  const folders = foldersUpTo(start)
  const last = folders.find((folder) => existsSync(join(folder, 'package.json')))
  const searched = last === undefined ? [start] : folders.slice(0, folders.indexOf(last) + 1)
  for (const folder of searched) {
    const path = join(folder, fileName)
    if (existsSync(path)) return configFile(path, false)
  }
  return last === undefined ? undefined : configFile(join(last, 'package.json'), false)
}

function foldersUpTo(start: string): string[] {
  const above = dirname(start)
  return above === start ? [start] : [start, ...foldersUpTo(above)]
}

/** @returns undefined for a `package.json` without the key */
function configFile(path: string, isNamed: boolean): ConfigFile | undefined {
  const { value, isGuessed } = readJson(path)
  const whole = objectOf(path, value)
  const content = basename(path) === 'package.json' ? keyOf(path, whole) : whole
  if (content === undefined) return undefined
  const shown = shownPath(path)
  return { shown, folder: dirname(path), isNamed, content, ...(isGuessed && { warning: notUtf8(shown) }) }
}

function shownPath(path: string): string {
  const short = relative(process.cwd(), path) || '.'
  return isAbsolute(short) || short.startsWith('../../..') ? path : short
}

function keyOf(path: string, content: ConfigFile['content']): ConfigFile['content'] | undefined {
  return Object.hasOwn(content, key) ? objectOf(path, content[key], `"${key}"`) : undefined
}

function readJson(path: string): { readonly value: unknown; readonly isGuessed: boolean } {
  let bytes: Uint8Array | undefined
  try {
    bytes = readRegularFile(path)
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'there is no such file' : (codeOf(error) ?? 'unknown error')
    throw new UsageError(`${shownPath(path)} cannot be read: ${why}.`)
  }
  if (bytes === undefined)
    throw new UsageError(
      `${shownPath(path)} is not a regular file: write its contents to one, and pass that.`,
    )
  const decoded = decodeText(bytes)
  if (!decoded)
    throw new UsageError(`${shownPath(path)} is not JSON: its encoding is none of ${textEncodings}.`)
  try {
    return { value: JSON.parse(decoded.text), isGuessed: decoded.isGuessed }
  } catch (error) {
    throw new UsageError(`${shownPath(path)} is not JSON: ${messageOf(error)}.`)
  }
}

/** A file that is open in this process, such as the output of another command: `--config <(…)` of a shell. */
const openFile = /^\/(?:dev\/(?:fd\/\d+|stdin)|proc\/self\/fd\/\d+)$/

/**
 * Undefined for a pipe or a device by its name: opening one might block this process forever, so that Ctrl-C could
 * not end it.
 */
function readRegularFile(path: string): Uint8Array | undefined {
  if (openFile.test(path)) return readFileSync(path)
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const kind = fstatSync(file)
    // Reading a folder fails with its own error.
    return kind.isFile() || kind.isDirectory() ? readFileSync(file) : undefined
  } finally {
    closeSync(file)
  }
}

function objectOf(path: string, value: unknown, what = 'It'): ConfigFile['content'] {
  if (isRecord(value)) return value
  throw new UsageError(
    `${shownPath(path)}: Expected an object${what === 'It' ? '' : ` for ${what}`}, got ${JSON.stringify(value)}.`,
  )
}

/**
 * The names of all keys in a file that may apply to a command, whether they are flags of it or not. Which keys
 * are aliases of the command is not known yet; only those of other commands are left out.
 */
export function flagNamesIn(file: ConfigFile | undefined, command: string): readonly string[] {
  const isOther = (key: string): boolean => key !== command && commandNames.some((name) => name === key)
  const names = Object.entries(file?.content ?? {}).flatMap(([key, value]) =>
    isRecord(value) ? (isOther(key) ? [] : Object.keys(value)) : [key],
  )
  return names.map(dashed)
}

/**
 * Converts a value of the file to words of a command line, which the flag's `coerce` checks. Calls `wrong`
 * for a value of the wrong type.
 */
export function jsonValueOf(value: unknown, flag: CommandFlag, wrong: (expected: string) => never): unknown {
  const { kind, several = false } = flag
  const expected = `${nouns[kind]}${several ? ' or a list of them' : ''}`
  if (kind === 'json') return typeof value === 'object' && value ? JSON.stringify(value) : wrong(expected)
  if (!several) return wordOf(value, flag) ?? wrong(expected)
  return [value].flat().map((item: unknown) => wordOf(item, flag) ?? wrong(expected))
}

const nouns = {
  text: 'a string',
  path: 'a string',
  number: 'a number',
  switch: 'true or false',
  json: 'an object or an array',
} as const

function wordOf(value: unknown, { kind, words = [] }: CommandFlag): string | boolean | undefined {
  switch (typeof value) {
    case 'boolean':
      return words.includes('true') ? value : undefined
    case 'number':
      return kind === 'number' ? String(value) : undefined
    case 'string':
      // A number or a switch can also be a word, such as `auto`.
      return kind === 'text' || kind === 'path' || words.includes(value) ? value : undefined
    default:
      return undefined
  }
}

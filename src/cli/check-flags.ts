import { shortFlags, type TypedFlag } from '../commands/argv.js'
import type { Command } from '../commands/command.js'
import { didYouMean } from '../commands/did-you-mean.js'
import type { GivenFlag } from '../commands/flags/given-flags.js'
import { otherFlags } from './other-flags.js'
import { UsageError } from './usage-error.js'

/** Flags of every command that are not among its own. */
const everywhere = ['help', 'help-all', 'version']

/**
 * Replaces the error of yargs by one with a suggestion.
 *
 * @throws UsageError for a flag that the command does not have
 */
export function checkFlags(command: Command, typed: readonly TypedFlag[]): void {
  const names = [...Object.keys(command.flags), ...everywhere]
  const unknown = typed.find(({ name }) => !names.includes(name))
  if (unknown) throw new UsageError(`Unknown flag: ${unknown.typed}${adviceFor(unknown, names, command)}`)
}

function adviceFor({ name, typed, tied }: TypedFlag, names: readonly string[], command: Command): string {
  if (shortFlags[typed.slice(1)] === name) {
    return `\n${typed} is short for --${name}, which ${command.name} does not have.`
  }
  const [, negated] = /^no-(.*)$/.exec(name) ?? []
  if (negated !== undefined && names.includes(negated))
    return `=${String(tied)}\nUse ${typed} without a value.`
  const other = Object.hasOwn(otherFlags, name) ? otherFlags[name] : undefined
  const instead = other?.find((flag) => names.includes(flag.replace(/^--([\w-]+).*$/, '$1')))
  if (instead !== undefined) return `\nUse ${instead}.`
  const near = didYouMean(
    name.replace(/^-/, ''),
    names,
    (meant) => `--${tied === false ? 'no-' : ''}${meant}`,
  )
  const [, letter = '', value = ''] = /^-([^-])(.+)$/.exec(typed) ?? []
  const short = Object.hasOwn(shortFlags, letter) ? shortFlags[letter] : undefined
  if (near !== '' || short === undefined || !needsValue(command.flags[short])) return near
  return `\nA value of -${letter} needs a space or =: -${letter} ${value}`
}

/**
 * Gives the words without a flag to the flag that the command declares for them.
 *
 * @throws UsageError if the command takes no words or only one, or if the value of a flag is missing
 */
export function withPositional(command: Command, given: readonly GivenFlag[]): readonly NamedFlag[] {
  const { name, flags, positional } = command
  const word = given.find((one) => one.name === undefined)?.value
  if (word !== undefined && !positional) {
    throw new UsageError(`Unexpected argument: ${String(word)}\npaddle-ts ${name} takes flags only.`)
  }
  const target = positional?.flag ?? ''
  const named = given.map((one) => ({ ...one, name: one.name ?? target }))
  const values = named.flatMap(({ name: flag, value }) => (flag === target && value ? [value] : []))
  if (word !== undefined && values.length > 1 && !flags[target]?.several) {
    throw new UsageError(
      `Expected one value for --${target}, got ${values.length}: ${values.join(', ')}.\n${originOf(target, '')}`,
    )
  }
  const missing = named.find(({ name: flag, value }) => value === undefined && needsValue(flags[flag]))
  if (!missing) return named
  const origin = originOf(missing.name, missing.typed)
  throw new UsageError(`Expected a value for --${missing.name}.${origin === undefined ? '' : `\n${origin}`}`)
}

interface NamedFlag extends GivenFlag {
  readonly name: string
}

function needsValue(flag: Command['flags'][string] | undefined): boolean {
  return Boolean(flag?.requiresArg ?? flag?.array)
}

/** How a flag in a message was typed, if not by its long name. */
export function originOf(flag: string, typed: string): string | undefined {
  if (typed === '') return `Words without a flag are values of --${flag}.`
  return typed.startsWith('--') ? undefined : `${typed} is short for --${flag}.`
}

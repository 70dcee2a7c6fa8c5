import { argumentDetailsOf, isCallerError } from '../../errors.js'
import { inCode, sayWith, wordingOf, type OptionName } from '../../wording.js'
import type { FlagWording } from './flag.js'
import { flagOfOption } from './predictor/option-names.js'

/** The flags of options that no table of flags has. */
const otherFlags: ReadonlyMap<string, string> = new Map([
  ['python', '--python'],
  ['task', '--task'],
  ['paddleVersion', '--paddle-version'],
  ['indexUrl', '--index-url'],
  // There is a flag for each option in it.
  ['xpu', '--xpu-…'],
])

/** What an error or a warning says, with flags in the place of options. */
function inFlags(thing: { readonly message: string }): FlagWording {
  const wrong = argumentDetailsOf(thing)
  if (!wrong) return wordingOf(thing)
  const { argument, expected, got } = wrong
  // What the flags together make of an object is not what the user wrote.
  const shown = typeof got === 'object' && got !== null ? '' : `, got ${String(got)}`
  return ['Expected ', expected, ' for ', { option: argument }, `${shown}.`]
}

/** What a check throws for a wrong argument, with flags in the place of options; `true` where nothing is wrong. */
export async function findFlagError(check: () => unknown): Promise<true | FlagWording> {
  try {
    await check()
    return true
  } catch (error) {
    if (isCallerError(error)) return inFlags(error)
    throw error
  }
}

/** The message of an error or a warning, as the command line shows it. */
export function messageInFlags(thing: { readonly message: string }): string {
  return formatInFlags(inFlags(thing))
}

/** The same with its code below, as the command line tells what has failed. */
export function describeInFlags(thing: { readonly message: string; readonly code: string }): string {
  return `${messageInFlags(thing)}\n[${thing.code}]`
}

/** The text, with flags; each of them is added to `named`. */
export function formatInFlags(text: FlagWording, named?: Set<string>): string {
  return sayWith(text, (name) => {
    const shown = 'flag' in name ? `--${name.flag}` : flagFor(name)
    const [, flag] = /^--(?:no-)?([\w-]+)/.exec(shown) ?? []
    if (flag !== undefined) named?.add(flag)
    return shown
  })
}

/** The flag that does the same as an option; the option itself where there is none. */
function flagFor(name: OptionName): string {
  const { option, value } = name
  const flag = flagAt(option)
  if (flag === undefined) return inCode(name)
  if (value === undefined || value === true) return flag
  return value === false ? flag.replace('--', '--no-') : `${flag} ${value}`
}

/** What is wrong with a part of an option is wrong with its flag. */
function flagAt(path: string): string | undefined {
  const end = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))
  return flagOfOption.get(path) ?? otherFlags.get(path) ?? (end < 0 ? undefined : flagAt(path.slice(0, end)))
}

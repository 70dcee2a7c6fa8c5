import { argumentDetailsOf, isCallerError, shownValue } from '../../errors.js'
import { inCode, sayWith, wordingOf, type OptionName } from '../../wording.js'
import type { FlagWording } from './flag.js'
import type { Named } from './option-flags.js'
import { flagOfOption } from './predictor/option-names.js'

/** The flags of options outside the tables of flags. */
const otherFlags: ReadonlyMap<string, string> = new Map([
  ['python', '--python'],
  ['modelDir', '--model-dir'],
  ['task', '--task'],
  ['paddleVersion', '--paddle-version'],
  ['indexUrl', '--index-url'],
  ['wheel', '--wheel'],
  // Each of its options has a flag.
  ['xpu', '--xpu-…'],
])

/** The flags of the command that runs. */
let flagsOfCommand: ReadonlySet<string> | undefined
/** Its flags of options with other flags elsewhere, or none. */
let ownFlagOfOption: ReadonlyMap<string, string> = new Map()

/** Sets the command that runs. Texts name its flags, and say of others which command has them. */
export function setCommandFlags({
  flags,
  optionFlags = {},
}: {
  readonly flags: object
  readonly optionFlags?: Readonly<Record<string, Named>> | undefined
}): void {
  flagsOfCommand = new Set(Object.keys(flags))
  ownFlagOfOption = new Map(Object.entries(optionFlags).map(([option, [name]]) => [option, `--${name}`]))
}

/** The message of an error or a warning, with flags instead of options. */
function inFlags(thing: { readonly message: string }): FlagWording {
  const details = argumentDetailsOf(thing)
  if (!details) return wordingOf(thing)
  const { argument, expected, got } = details
  // The user did not write an object that several flags form together.
  const shown = typeof got === 'object' && got !== null ? '' : `, got ${shownValue(String(got))}`
  return ['Expected ', expected, ' for ', { option: argument }, `${shown}.`]
}

/**
 * The message of the caller error that a check throws, with flags instead of options; `true` if it throws
 * none.
 */
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

/** The same with the code on a line of its own, as the command line reports failures. */
export function describeInFlags(thing: { readonly message: string; readonly code: string }): string {
  return `${messageInFlags(thing)}\n[${thing.code}]`
}

/** Formats a text with flags, and adds each flag to `named`. */
export function formatInFlags(text: FlagWording, named?: Set<string>): string {
  return sayWith(text, (name) => {
    if ('command' in name) return formatInFlags(name.command, named)
    const shown = 'flag' in name ? `--${name.flag}` : flagFor(name)
    const [, flag] = /^--(?:no-)?([\w-]+)/.exec(shown) ?? []
    if (flag !== undefined) named?.add(flag)
    return shown
  })
}

/** The flag that corresponds to an option; the option itself if there is none. */
function flagFor(name: OptionName): string {
  const { option, value } = name
  const flag = flagAt(option)
  if (flag === undefined) return inCode(name)
  // Texts for any command name no flags of the others, setup, convert and export.
  const isOwn = flagsOfCommand === undefined || flag.endsWith('…') || flagsOfCommand.has(flag.slice(2))
  const where = isOwn ? '' : ' of paddle-ts infer'
  if (value === undefined || value === true) return flag + where
  return (value === false ? flag.replace('--', '--no-') : `${flag} ${value}`) + where
}

/** The flag of an option, or of the option that it is a part of. */
function flagAt(path: string): string | undefined {
  const end = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))
  return (
    ownFlagOfOption.get(path) ??
    flagOfOption.get(path) ??
    otherFlags.get(path) ??
    (end < 0 ? undefined : flagAt(path.slice(0, end)))
  )
}

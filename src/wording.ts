/** An option in a text. Each interface has its own name for it. */
export interface OptionName {
  /** Its path: `tensorRt.maxBatchSize`. */
  readonly option: string
  /** The value to set, if the text mentions one. */
  readonly value?: string | number | boolean
  /** How to write that in TypeScript, if not as `option: value`. */
  readonly code?: string
}

/** A text that is different on the command line, where the functions of the library are of no use. */
export interface InterfaceText {
  /** For the library. */
  readonly library: string
  /** For the command line. */
  readonly command: Wording
}

/** A text with placeholders, such as options, that are formatted later. */
export type Wording<Name = OptionName | InterfaceText> = string | Name | readonly Wording<Name>[]

/** A wording as a template: `` wording`Raise ${{ option: 'timeoutMs' }}.` `` */
export function wording<Name extends object = OptionName | InterfaceText>(
  texts: TemplateStringsArray,
  ...parts: readonly (Wording<Name> | number)[]
): Wording<Name> {
  return texts.flatMap((text, index) => {
    const part = parts[index]
    return part === undefined ? [text] : [text, typeof part === 'number' ? String(part) : part]
  })
}

/** At most `most` UTF-16 units from the start of a text, without cutting a character in half. */
export function beginningOf(text: string, most: number): string {
  return text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')
}

/** At most `most` UTF-16 units from the end of a text, without cutting a character in half. */
export function endOf(text: string, most: number): string {
  return text.slice(-most).replace(/^[\uDC00-\uDFFF]/, '')
}

/** The longest line of a message, and the longest text, in UTF-16 units: a value may have millions. */
const mostOfLine = 1000
const mostOfText = 20_000

/**
 * Cuts what is too long for a message out of the middle of its lines, and of the text: names, paths, JSON and
 * what other programs write. Errors and warnings do this themselves.
 */
export function cutText(text: string): string {
  if (text.length <= mostOfLine) return text
  return cutMiddle(text, mostOfText)
    .split('\n')
    .map((line) => cutMiddle(line, mostOfLine))
    .join('\n')
}

function cutMiddle(text: string, most: number): string {
  if (text.length <= most) return text
  const room = most - 3
  const end = Math.floor(room / 3)
  return `${beginningOf(text, room - end)} … ${endOf(text, end)}`
}

/** The same for advice, whose lines can be commands to copy. */
export function cutAdvice(text: string): string {
  return cutMiddle(text, mostOfText)
}

/** Cuts each part of a wording. */
export function cutWording(text: Wording, cut = cutText): Wording {
  if (typeof text === 'string') return cut(text)
  if (isParts(text)) return text.map((part) => cutWording(part, cut))
  if (!('library' in text)) return text
  return { library: cut(text.library), command: cutWording(text.command, cut) }
}

/** `Array.isArray` does not recognise a read-only array. */
function isParts(text: Exclude<Wording, string>): text is readonly Wording[] {
  return Array.isArray(text)
}

/** Formats a text with the names of options in TypeScript. */
export function say(text: Wording): string {
  return sayWith(text, inCode)
}

/** Formats a text with the names that `nameOf` returns. */
export function sayWith<Name>(text: Wording<Name>, nameOf: (name: Name) => string): string {
  if (typeof text === 'string') return text
  if (!Array.isArray(text)) return nameOf(text as Name)
  return (text as readonly Wording<Name>[]).map((part) => sayWith(part, nameOf)).join('')
}

/** `` `timeoutMs` ``, or `` `oneDnn: false` `` with a value. */
export function inCode(name: OptionName | InterfaceText): string {
  if ('library' in name) return name.library
  const { option, value, code } = name
  if (code !== undefined) return code
  if (value === undefined) return `\`${option}\``
  return `\`${option}: ${typeof value === 'string' ? `'${value}'` : value}\``
}

/** `1 image`, `2 images`. */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`
}

const kept = new WeakMap<object, Wording>()

/** Stores the wording of the message of an error or a warning. */
export function keepWording<Thing extends { readonly message: string }>(thing: Thing, text: Wording): Thing {
  kept.set(thing, text)
  return thing
}

/**
 * The wording of the message of an error or a warning; for any that paddle-ts did not create, the message
 * itself.
 */
export function wordingOf(thing: { readonly message: string }): Wording {
  return kept.get(thing) ?? thing.message
}

/** An option in a text, which each border calls by a name of its own. */
export interface OptionName {
  /** Its path: `tensorRt.maxBatchSize`. */
  readonly option: string
  /** What it is to be, where the text says so. */
  readonly value?: string | number | boolean
  /** How that is written in TypeScript, where it is not `option: value`. */
  readonly code?: string
}

/** A text that is not put together yet: what it names, options for one, are values in it. */
export type Wording<Name = OptionName> = string | Name | readonly Wording<Name>[]

/** A wording as a template: `` wording`Raise ${{ option: 'timeoutMs' }}.` `` */
export function wording<Name extends object>(
  texts: TemplateStringsArray,
  ...parts: readonly (Wording<Name> | number)[]
): Wording<Name> {
  return texts.flatMap((text, index) => {
    const part = parts[index]
    return part === undefined ? [text] : [text, typeof part === 'number' ? String(part) : part]
  })
}

/** The text, with the options as TypeScript has them. */
export function say(text: Wording): string {
  return sayWith(text, inCode)
}

/** The text, with names as `nameOf` gives them. */
export function sayWith<Name>(text: Wording<Name>, nameOf: (name: Name) => string): string {
  if (typeof text === 'string') return text
  if (!Array.isArray(text)) return nameOf(text as Name)
  return (text as readonly Wording<Name>[]).map((part) => sayWith(part, nameOf)).join('')
}

/** `` `timeoutMs` ``, or `` `oneDnn: false` `` where the value is said too. */
export function inCode({ option, value, code }: OptionName): string {
  if (code !== undefined) return code
  if (value === undefined) return `\`${option}\``
  return `\`${option}: ${typeof value === 'string' ? `'${value}'` : value}\``
}

/** `1 image`, `2 images`. */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`
}

const kept = new WeakMap<object, Wording>()

/** Keeps what the message of an error or a warning was made of. */
export function keepWording<Thing extends { readonly message: string }>(thing: Thing, text: Wording): Thing {
  kept.set(thing, text)
  return thing
}

/** What the message of an error or a warning was made of: of others than ours, it is the message. */
export function wordingOf(thing: { readonly message: string }): Wording {
  return kept.get(thing) ?? thing.message
}

/** A flag as typed. */
export interface TypedFlag {
  /** The long name in dashed form. A word with one dash that is not made of short flags keeps the dash. */
  readonly name: string
  /** The notation, without a value: `-k`, `--topk`. */
  readonly typed: string
  /** The value after `=`, or directly after a short flag; false for `--no-…`; undefined without one. */
  readonly tied: string | false | undefined
  /** The words up to the next flag. The flags of the command define which of them are its values. */
  readonly words: readonly string[]
}

/** A command line without the program's name, split before yargs is loaded. */
export interface CommandWords {
  /** The first word, unless it is a flag. */
  readonly command: string | undefined
  /** The words between the command and the first flag. */
  readonly before: readonly string[]
  readonly flags: readonly TypedFlag[]
  /** The words after `--`, which ends the flags. */
  readonly after: readonly string[]
}

/** The commands, in the order of the help. */
export const commandNames = [
  ...(['setup', 'doctor', 'export', 'infer', 'verify', 'benchmark'] as const),
  ...(['inspect', 'convert', 'completion'] as const),
]

export type CommandName = (typeof commandNames)[number]

/** Whether a word is the name of a command itself, not an alias. */
export function isCommand(word: string | undefined): word is CommandName {
  return commandNames.some((name) => name === word)
}

/** Other names of commands. A task can add names of `infer`. */
const aliases: Readonly<Record<string, CommandName>> = { predict: 'infer' }

/** The short flags of every command that has the long one. */
export const shortFlags: Readonly<Record<string, string>> = {
  h: 'help',
  i: 'img-path',
  k: 'topk',
  m: 'model-dir',
  o: 'output',
  q: 'quiet',
  v: 'version',
  V: 'version',
}

/**
 * Splits the words into command and flags, in the notation of yargs. Yargs itself then gets each flag in its
 * long form.
 */
export function readWords(args: readonly string[]): CommandWords {
  const all = asFlags(args)
  const hasCommand = all[0]?.startsWith('-') === false
  const words = hasCommand ? all.slice(1) : all
  const end = words.indexOf('--')
  const before: string[] = []
  const flags: (TypedFlag & { readonly words: string[] })[] = []
  for (const word of end < 0 ? words : words.slice(0, end)) {
    if (isFlag(word)) flags.push(...flagsIn(word).map((flag) => ({ ...flag, words: [] })))
    else (flags.at(-1)?.words ?? before).push(word)
  }
  return {
    command: hasCommand ? all[0] : undefined,
    before,
    flags,
    after: end < 0 ? [] : words.slice(end + 1),
  }
}

/** Replaces `help infer` by `infer --help`, and `version` by `--version`. */
function asFlags(args: readonly string[]): readonly string[] {
  const [first, second, ...rest] = args
  if (first === 'version') return ['--version', ...args.slice(1)]
  if (first !== 'help') return args
  const names = second !== undefined && !second.startsWith('-') && second !== 'help' && second !== 'version'
  return names ? [second, '--help', ...rest] : ['--help', ...args.slice(1)]
}

/** A single dash and a negative number are values. */
function isFlag(word: string): boolean {
  return word.startsWith('-') && word !== '-' && !/^-(?:\d+(?:\.\d+)?|\.\d+)$/.test(word)
}

type FlagOfWord = Omit<TypedFlag, 'words'>

/** The flags of one word: several if short ones are combined. */
function flagsIn(word: string): readonly FlagOfWord[] {
  const [, typed = '', tied] = /^([^=]*)(?:=(.*))?$/s.exec(word) ?? []
  if (!word.startsWith('--')) return shortFlagsIn(word) ?? [{ name: dashed(typed), typed, tied }]
  const name = dashed(typed.slice(2))
  const isNegated = name.startsWith('no-') && tied === undefined
  return [{ name: isNegated ? name.slice(3) : name, typed, tied: isNegated ? false : tied }]
}

/** `-k5`, `-k=5` and `-m/model` have a value; `-qh` is `-q -h`. @returns undefined if a letter is unknown */
function shortFlagsIn(word: string): readonly FlagOfWord[] | undefined {
  const flags: FlagOfWord[] = []
  for (let at = 1; at < word.length; at++) {
    const letter = word.charAt(at)
    const rest = word.slice(at + 1)
    const name = Object.hasOwn(shortFlags, letter) ? shortFlags[letter] : undefined
    if (name === undefined) return undefined
    // Yargs reads `-m.` and more as a flag of that name.
    const hasValue = /^(?:[^\w.]|-?\d+(?:\.\d*)?(?:e-?\d+)?$)/.test(rest)
    flags.push({ name, typed: `-${letter}`, tied: hasValue ? rest.replace(/^=/, '') : undefined })
    if (hasValue) break
  }
  return flags
}

/**
 * The value of the last flag of this name: false for `--no-…`, `''` if the value is missing, undefined
 * without the flag.
 */
export function lastValue(flags: readonly TypedFlag[], name: string): string | false | undefined {
  const flag = flags.findLast((one) => one.name === name)
  return flag && (flag.tied ?? flag.words[0] ?? '')
}

/** The name of the command that a word names: its own, or one of its aliases. Unknown words stay. */
export async function commandFor(word: string | undefined): Promise<string | undefined> {
  if (word === undefined || isCommand(word)) return word
  if (Object.hasOwn(aliases, word)) return aliases[word]
  const { inferAliases } = await import('../tasks/infer-aliases.js')
  return inferAliases.includes(word) ? 'infer' : word
}

/** The other names of a command. */
export async function aliasesOf(command: CommandName): Promise<readonly string[]> {
  const own = Object.keys(aliases).filter((alias) => aliases[alias] === command)
  if (command !== 'infer') return own
  const { inferAliases } = await import('../tasks/infer-aliases.js')
  return [...own, ...inferAliases]
}

/** The dashed form of a name: `modelDir` is `model-dir`. */
export function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** The inverse: `model-dir` is `modelDir`. */
export function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

/** The variable of a flag: `PADDLE_TS_MODEL_DIR` for `--model-dir`. */
export function variableOf(flag: string): string {
  return `PADDLE_TS_${dashed(flag).replaceAll('-', '_').toUpperCase()}`
}

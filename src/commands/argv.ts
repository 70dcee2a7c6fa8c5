/** A flag as typed. */
export interface TypedFlag {
  /** The name in dashed form. A name with a single dash keeps it, so it matches no flag of a command. */
  readonly name: string
  /** The value after `=`, else the next word; false for `--no-…`. */
  readonly value: string | false | undefined
  /** The flag and the words up to the next one. */
  readonly words: readonly string[]
}

/** A command line without the program's name, split before yargs is loaded. */
export interface CommandWords {
  /** The first word, unless it is a flag. */
  readonly command: string | undefined
  readonly flags: readonly TypedFlag[]
  /** The words after the command, for yargs. */
  readonly words: readonly string[]
}

/** Splits the words into command and flags; words after `--` are not flags. */
export function readWords(args: readonly string[]): CommandWords {
  const all = plainWords(args)
  const hasCommand = all[0]?.startsWith('-') === false
  const words = hasCommand ? all.slice(1) : all
  const end = words.indexOf('--')
  const flags: string[][] = []
  for (const word of end < 0 ? words : words.slice(0, end)) {
    if (/^--?[a-z]/i.test(word)) flags.push([word])
    else flags.at(-1)?.push(word)
  }
  return { command: hasCommand ? all[0] : undefined, flags: flags.map(flagOf), words }
}

function flagOf(words: readonly string[]): TypedFlag {
  const [first = '', next] = words
  const [, typed = '', tied] = /^(?:--)?([^=]+)(?:=(.*))?$/s.exec(first) ?? []
  const name = dashed(typed).replace(/^no-/, '')
  return { name, value: name === dashed(typed) ? (tied ?? next) : false, words }
}

/**
 * The value of the last flag of this name: false for `--no-…`, `''` if the value is missing, undefined
 * without the flag.
 */
export function lastValue(flags: readonly TypedFlag[], name: string): string | false | undefined {
  const flag = flags.findLast((one) => one.name === name)
  return flag && (flag.value ?? '')
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

/** The commands that take paths on standard input. */
const takesPaths: readonly (string | undefined)[] = ['infer', 'verify', 'benchmark']

const short = new Map([
  ['-h', '--help'],
  ['-V', '--version'],
  ['-q', '--quiet'],
])

/**
 * Replaces short flags by long ones, `help infer` by `infer --help`, and `-` by `--img-path=-`, because yargs
 * drops a single dash.
 */
function plainWords(args: readonly string[]): readonly string[] {
  const words = args.map((word) => short.get(word) ?? word)
  const [first, second, ...rest] = words
  if (first === 'help') return second === undefined ? ['--help'] : [second, '--help', ...rest]
  return takesPaths.includes(first) ? words.map((word) => (word === '-' ? '--img-path=-' : word)) : words
}

/** A flag as it stands on a command line. */
export interface TypedFlag {
  /** The dashed form of its name. What begins with a single dash keeps it, and so is none that a command has. */
  readonly name: string
  /** What is tied to it, else the word that follows; false for `--no-…`. */
  readonly value: string | false | undefined
  /** It, and the words that follow up to the next flag. */
  readonly words: readonly string[]
}

/** A command line without the program's name, as far as it is known before yargs reads it. */
export interface CommandWords {
  /** The first word, unless it is a flag. */
  readonly command: string | undefined
  readonly flags: readonly TypedFlag[]
  /** What follows the command, as yargs is to have it. */
  readonly words: readonly string[]
}

/** Reads the words; after `--` none is a flag. */
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

/** What the last flag of this name says: its value, false for `--no-…`, `''` where the value is missing, undefined where it is not given. */
export function lastValue(flags: readonly TypedFlag[], name: string): string | false | undefined {
  const flag = flags.findLast((one) => one.name === name)
  return flag && (flag.value ?? '')
}

/** The dashed form of a name: `modelDir` is `model-dir`. */
export function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** The opposite: `model-dir` is `modelDir`. */
export function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

/** The variable of a flag: of `--model-dir` it is `PADDLE_TS_MODEL_DIR`. */
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
 * Short flags by their names; `help infer` as `infer --help`; and `-`, which is a value of `--img-path` and which yargs drops as the
 * beginning of a flag, tied to its flag.
 */
function plainWords(args: readonly string[]): readonly string[] {
  const words = args.map((word) => short.get(word) ?? word)
  const [first, second, ...rest] = words
  if (first === 'help') return second === undefined ? ['--help'] : [second, '--help', ...rest]
  return takesPaths.includes(first) ? words.map((word) => (word === '-' ? '--img-path=-' : word)) : words
}

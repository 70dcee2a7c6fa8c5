/** The commands that take paths on standard input. */
const takesPaths: readonly (string | undefined)[] = ['infer', 'verify', 'benchmark']

const short: Readonly<Record<string, string>> = { '-h': '--help', '-V': '--version', '-q': '--quiet' }

/**
 * The words of a command line as yargs is to have them: short flags by their names; `help infer` as `infer --help`; and `-`, which is a
 * value of `--img-path` and which yargs drops as the beginning of a flag, tied to its flag.
 */
export function plainWords(args: readonly string[]): string[] {
  const [first, second, ...rest] = args.map((word) => short[word] ?? word)
  if (first === undefined) return []
  if (first === 'help') return second === undefined ? ['--help'] : [second, '--help', ...rest]
  const words = second === undefined ? [first] : [first, second, ...rest]
  return takesPaths.includes(first) ? words.map((word) => (word === '-' ? '--img-path=-' : word)) : words
}

/** The name of a flag as it stands on a command line, without dashes and value; undefined for what is no flag. */
export function flagName(word: string): string | undefined {
  return /^--?([a-z][^=]*)/i.exec(word)?.[1]
}

/** The flag that a word gives or takes back: `--noExact` and `--exact=true` are `exact`; `''` for what is no flag. */
export function flagOf(word: string): string {
  return dashed(flagName(word) ?? '').replace(/^no-/, '')
}

/**
 * What the last flag of this name says: its value, false for `--no-…`, `''` where the value is missing, undefined where it is not given.
 * For what has to be known before yargs is there.
 */
export function lastValue(words: readonly string[], flag: string): string | false | undefined {
  const at = words.findLastIndex((word) => word.startsWith('--') && flagOf(word) === flag)
  const word = words[at]
  if (word === undefined) return undefined
  if (/^--no-?/.test(word)) return false
  return word.includes('=') ? word.slice(word.indexOf('=') + 1) : (words[at + 1] ?? '')
}

/** The dashed form of a name: `modelDir` is `model-dir`. */
export function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

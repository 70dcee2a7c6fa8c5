/** A command line as one would type it. */
export function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ')
}

/** A word that means itself to a shell. */
function shellWord(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/**
 * The flags with these names, with their values, as they stand on a command line: `--one-dnn false`, `--oneDnn=false`,
 * `--no-one-dnn`.
 */
export function flagsAmong(args: readonly string[], names: ReadonlySet<string>): string[] {
  let isOurs = false
  return args.filter((word) => {
    if (/^--[a-z]/i.test(word))
      isOurs = names.has(flagName(word).replace(/^no-/, '')) || names.has(flagName(word))
    return isOurs
  })
}

function flagName(word: string): string {
  const [name = ''] = word.slice(2).split('=')
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

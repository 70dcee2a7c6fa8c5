/** A command line as one would type it. */
export function shellCommand(words: readonly string[]): string {
  return words.map(shellWord).join(' ')
}

/** A word that means itself to a shell. */
function shellWord(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

import { closestMatch } from 'leven'

/**
 * The maximum edit distance of a typing error. Shorter words get no suggestion: any other word is similar.
 */
const mostSlips = 3
const shortest = 4
/** Longer words are no names. */
const longest = 200

/** The most similar name; undefined if none is similar. */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  if (given.length < shortest || given.length > longest) return undefined
  const maxDistance = Math.min(mostSlips, Math.floor(given.length / 2))
  return (
    // Swapped letters count as one error.
    names.find((name) => lettersOf(name) === lettersOf(given)) ??
    closestMatch(given, names, { maxDistance }) ??
    // Its first words: `batch` of `batch-size` or `batchSize`.
    names.find((name) => name.startsWith(given) && /^[-A-Z]/.test(name.slice(given.length)))
  )
}

function lettersOf(name: string): string {
  return name.split('').sort().join('')
}

/** The same as a sentence before the list of names in a message; `''` if none is similar. */
export function nearestOption(
  given: string,
  names: readonly string[],
  pathOf = (name: string) => name,
): string {
  const meant = nearestName(given, names)
  return meant === undefined ? '' : ` Did you mean \`${pathOf(meant)}\`?`
}

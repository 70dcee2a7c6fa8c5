import { closestMatch } from 'leven'

/**
 * The maximum edit distance of a typing error. Shorter words get no suggestion: any other word is similar.
 */
const mostSlips = 3
const shortest = 4

/** The line that suggests the most similar name; `''` if none is similar. */
export function didYouMean(given: string, names: readonly string[], shown = (name: string) => name): string {
  if (given.length < shortest) return ''
  const maxDistance = Math.min(mostSlips, Math.floor(given.length / 2))
  const meant =
    // Swapped letters count as one error.
    names.find((name) => lettersOf(name) === lettersOf(given)) ??
    closestMatch(given, names, { maxDistance }) ??
    names.find((name) => name.startsWith(`${given}-`))
  return meant === undefined ? '' : `\nDid you mean ${shown(meant)}?`
}

function lettersOf(name: string): string {
  return name.split('').sort().join('')
}

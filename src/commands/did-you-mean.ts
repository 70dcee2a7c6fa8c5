import { closestMatch } from 'leven'

/** The longest distance that a slip of the fingers makes; of short words any other is as near. */
const mostSlips = 3
const shortest = 4

/** The line that asks for the one of `names` that was meant; `''` where none is near. */
export function didYouMean(given: string, names: readonly string[], shown = (name: string) => name): string {
  if (given.length < shortest) return ''
  const maxDistance = Math.min(mostSlips, Math.floor(given.length / 2))
  const meant =
    // Letters that changed places are one slip.
    names.find((name) => lettersOf(name) === lettersOf(given)) ??
    closestMatch(given, names, { maxDistance }) ??
    names.find((name) => name.startsWith(`${given}-`))
  return meant === undefined ? '' : `\nDid you mean ${shown(meant)}?`
}

function lettersOf(name: string): string {
  return name.split('').sort().join('')
}

import { nearestName } from '../nearest-name.js'

/** The line that suggests the most similar name; `''` if none is similar. */
export function didYouMean(given: string, names: readonly string[], shown = (name: string) => name): string {
  const meant = nearestName(given, names)
  return meant === undefined ? '' : `\nDid you mean ${shown(meant)}?`
}

import { callerRangeError, wrongType, wrongValue } from '../errors.js'
import type { CheckedFeed } from './feed-types.js'

/**
 * Checks the feed of an input that takes strings.
 *
 * @throws TypeError or RangeError
 */
export function checkStrings(name: string, feed: unknown): CheckedFeed {
  if (!Array.isArray(feed)) throw wrongType(name, 'an array of strings', feed)
  const strings: readonly unknown[] = feed
  if (strings.length === 0) throw callerRangeError(`Expected at least one string for \`${name}\`, got none.`)
  const checked = strings.map((text, index) => {
    if (typeof text !== 'string') throw wrongType(`${name}[${index}]`, 'a string', text)
    // Half of a surrogate pair has no UTF-8, which is what paddle reads.
    if (/\p{Surrogate}/u.test(text)) throw wrongValue(`${name}[${index}]`, 'well-formed text', text)
    return text
  })
  return {
    name,
    dtype: 'string',
    shape: [checked.length],
    byteLength: 0,
    strings: checked,
    write: () => undefined,
  }
}

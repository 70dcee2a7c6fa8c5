import { callerRangeError } from '../errors.js'
import { readLod } from '../tensor/index.js'

/**
 * A LoD that fits a tensor, copied. Paddle believes what it is told, and reads past the end, or leaves rows out, in silence.
 *
 * Each level starts at 0 and never falls; it ends at the number of sequences of the level below it, the last one at the number of rows.
 */
export function readFeedLod(name: string, value: unknown, shape: readonly number[]): number[][] {
  const lod = readLod(name, value)
  for (const [index, level] of lod.entries()) {
    const below = lod[index + 1]
    const end = below ? below.length - 1 : (shape[0] ?? 0)
    const rises = level.every((offset, at) => at === 0 || offset >= (level[at - 1] ?? 0))
    if (level.length < 2 || level[0] !== 0 || level.at(-1) !== end || !rises) {
      throw callerRangeError(
        `Expected offsets from 0 to ${end} that never fall for \`${name}[${index}]\`, got [${level.join(',')}].`,
      )
    }
  }
  return lod
}

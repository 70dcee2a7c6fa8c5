import { callerRangeError } from '../../errors.js'
import { readLod } from '../../tensor/index.js'

/**
 * Copies a LoD after checking that it fits the tensor. Paddle does not check it: it would read past the end
 * or skip rows silently.
 *
 * Each level starts at 0 and never decreases; it ends at the number of sequences of the next level, the last
 * level at the number of rows.
 *
 * @throws TypeError or RangeError, which recognises lengths in place of offsets
 */
export function readFeedLod(name: string, value: unknown, shape: readonly number[]): number[][] {
  const lod = readLod(name, value)
  const rows = shape[0] ?? 0
  for (const [index, level] of lod.entries()) {
    const below = lod[index + 1]
    const end = below ? below.length - 1 : rows
    if (level.length >= 2 && level.at(-1) === end && startAndRise(level)) continue
    if (!lod.every(startAndRise) && areLengths(lod, rows)) {
      const offsets = lod.map(offsetsOf)
      throw callerRangeError(
        `Expected offsets for \`${name}\`, got lengths: instead of ${shownLod(lod)}, give ${shownLod(offsets)}.`,
      )
    }
    throw callerRangeError(
      `Expected non-decreasing offsets from 0 to ${end} for \`${name}[${index}]\`, got [${level.join(',')}].`,
    )
  }
  return lod
}

/** Whether they can be offsets: from 0 on, never decreasing. */
function startAndRise(level: readonly number[]): boolean {
  return level.every((offset, at) => (at === 0 ? offset === 0 : offset >= (level[at - 1] ?? 0)))
}

/** Whether each level has the length of each sequence instead of the offsets: as `recursive_sequence_lengths`. */
function areLengths(lod: readonly (readonly number[])[], rows: number): boolean {
  return lod.every((level, index) => {
    const total = level.reduce((sum, length) => sum + length, 0)
    return level.length > 0 && total === (lod[index + 1]?.length ?? rows)
  })
}

function offsetsOf(lengths: readonly number[]): number[] {
  let end = 0
  return [0, ...lengths.map((length) => (end += length))]
}

function shownLod(lod: readonly (readonly number[])[]): string {
  return `[${lod.map((level) => `[${level.join(',')}]`).join(',')}]`
}

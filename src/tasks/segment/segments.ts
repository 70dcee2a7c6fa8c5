import type { LabelMap } from '../../image/annotate/index.js'
import { EventLoopYielder } from '../../image/index.js'

/**
 * The pixels of a class as an uncompressed run-length encoding of COCO: `size` is height and width, `counts`
 * are the lengths of the runs of pixels outside and inside by turns, column by column, and begin outside.
 */
export interface SegmentMask {
  readonly size: readonly [height: number, width: number]
  readonly counts: readonly number[]
}

/** The pixels of one class in an image. */
export interface Segment {
  /** The number of the class. */
  readonly classId: number
  /** The name of the class, where it is known. */
  readonly label?: string
  /** How many pixels of the image have this class. */
  readonly pixels: number
  /** The same as a share of all pixels, 0 to 1. */
  readonly share: number
  readonly mask: SegmentMask
}

/** A class while its runs are counted. */
interface Counted {
  pixels: number
  readonly counts: number[]
  /** The pixels before the end of its last run, in the order of columns. */
  end: number
}

/** The segments of an image: one for each class that occurs, most pixels first, equal ones by class. */
export async function segmentsOf(map: LabelMap, labels: readonly string[]): Promise<Segment[]> {
  const { width, height } = map
  const all = width * height
  const byClass = await countRuns(map)
  const segments = Array.from(byClass, ([classId, { pixels, counts, end }]): Segment => {
    if (end < all) counts.push(all - end)
    const label = labels[classId]
    return {
      classId,
      ...(label !== undefined && label !== '' && { label }),
      pixels,
      share: pixels / all,
      mask: { size: [height, width], counts },
    }
  })
  return segments.sort((one, other) => other.pixels - one.pixels || one.classId - other.classId)
}

/** Columns that are copied at once: reading each pixel of a column from its own row would be slow. */
const strip = 64

async function countRuns({ width, height, data }: LabelMap): Promise<Map<number, Counted>> {
  const yielder = new EventLoopYielder()
  const byClass = new Map<number, Counted>()
  const columns = new Uint16Array(strip * height)
  let [start, current] = [0, data[0] ?? 0]
  const endRun = (end: number): void => {
    let found = byClass.get(current)
    if (!found) byClass.set(current, (found = { pixels: 0, counts: [], end: 0 }))
    found.counts.push(start - found.end, end - start)
    found.pixels += end - start
    found.end = end
  }
  for (let left = 0; left < width; left += strip) {
    const count = Math.min(strip, width - left)
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < count; x += 1) columns[x * height + y] = data[y * width + left + x] ?? 0
    }
    if (yielder.isDue(count * height)) await yielder.pause()
    const before = left * height
    for (let at = 0; at < count * height; at += 1) {
      const classId = columns[at] ?? 0
      if (classId === current) continue
      endRun(before + at)
      start = before + at
      current = classId
    }
  }
  endRun(width * height)
  return byClass
}

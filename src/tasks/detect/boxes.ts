/** A detected object, in pixels of the original image (oriented by EXIF), from its upper left corner. */
export interface Box {
  /** The number of the class. */
  readonly classId: number
  /** The confidence of the model, 0 to 1. */
  readonly score: number
  /** The name of the class, where it is known. */
  readonly label?: string
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

/** Values of a box: class, score, x1, y1, x2, y2. */
export const boxValues = 6

/** How the boxes of one image are post-processed. */
export interface BoxPostProcess {
  /** Only boxes with a score above it are returned. */
  readonly threshold: number
  /** Whether a score equal to the threshold is kept. */
  readonly keepsThreshold?: boolean
  /** The maximum number of boxes. */
  readonly most?: number
  readonly labels: readonly string[]
  /** Pixels of the original image per unit of the network's coordinates. */
  readonly unit: { readonly x: number; readonly y: number }
}

/**
 * Returns the boxes of one image, best first; boxes with equal scores keep their order. As in
 * PaddleDetection's `infer.py`, a score equal to the threshold is dropped, except with `keepsThreshold`, and so
 * is a class below 0.
 *
 * @param rows - rows of `[class, score, x1, y1, x2, y2]`, concatenated
 */
export function boxesOf(rows: Float32Array, reading: BoxPostProcess): Box[] {
  const { threshold, keepsThreshold = false, most = Infinity, labels, unit } = reading
  const boxes: Box[] = []
  for (let at = 0; at < rows.length; at += boxValues) {
    const [classId = -1, score = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0] = rows.subarray(at, at + boxValues)
    const isKept = score > threshold || (keepsThreshold && score === threshold)
    if (!isKept || !(classId > -1)) continue
    const label = labels[classId]
    boxes.push({
      classId,
      score,
      ...(label !== undefined && label !== '' && { label }),
      ...{ x1: x1 * unit.x, y1: y1 * unit.y, x2: x2 * unit.x, y2: y2 * unit.y },
    })
  }
  return boxes.sort((one, other) => other.score - one.score).slice(0, most)
}

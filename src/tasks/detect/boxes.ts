/** An object that was found, in pixels of the original image (as it was oriented), from its upper left corner. */
export interface Box {
  /** The number of the class. */
  readonly classId: number
  /** How sure the model is, 0 to 1. */
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

/** How the boxes of one image are read. */
export interface BoxPostProcess {
  /** Boxes of a score above it are told. */
  readonly threshold: number
  readonly labels: readonly string[]
  /** Pixels of the original image that one unit of the network's is. */
  readonly unit: { readonly x: number; readonly y: number }
}

/**
 * The boxes of one image, best first, of equal ones as they came. As PaddleDetection's `infer.py` has it, a score at the threshold is
 * not above it, and a class below 0 is no box.
 *
 * @param rows - `[class, score, x1, y1, x2, y2]` behind each other
 */
export function boxesOf(rows: Float32Array, { threshold, labels, unit }: BoxPostProcess): Box[] {
  const boxes: Box[] = []
  for (let at = 0; at < rows.length; at += boxValues) {
    const [classId = -1, score = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0] = rows.subarray(at, at + boxValues)
    if (!(score > threshold && classId > -1)) continue
    const label = labels[classId]
    boxes.push({
      classId,
      score,
      ...(label !== undefined && label !== '' && { label }),
      ...{ x1: x1 * unit.x, y1: y1 * unit.y, x2: x2 * unit.x, y2: y2 * unit.y },
    })
  }
  return boxes.sort((one, other) => other.score - one.score)
}

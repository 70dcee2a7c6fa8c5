/** The values that each box begins with: class, score, x1, y1, x2, y2. One or two more give the reading order. */
export const boxValues = 6

/** The boxes that a network outputs for one image, one after the other. */
export interface BoxRows {
  readonly data: Float32Array
  /** Values of each box, 6 to 8. */
  readonly columns: number
}

export const noBoxes: BoxRows = { data: new Float32Array(), columns: boxValues }

/** A box as the network outputs it, in pixels of the original image. */
export interface Found {
  readonly classId: number
  readonly score: number
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
  /** Its place in the reading order: the lower, the earlier; of equal ones, the higher `second` is earlier. */
  readonly order?: { readonly first: number; readonly second: number }
}

/** Pixels of the original image per unit of the network's coordinates, and where the image begins in these. */
export interface Unit {
  readonly x: number
  readonly y: number
  readonly left?: number
  readonly top?: number
}

/** Returns the boxes in the network's order. */
export function foundIn({ data, columns }: BoxRows, { x, y, left = 0, top = 0 }: Unit): Found[] {
  const found: Found[] = []
  for (let at = 0; at < data.length; at += columns) {
    const [classId = -1, score = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0, first = 0, second = 0] = data.subarray(
      at,
      at + columns,
    )
    found.push({
      ...{ classId, score },
      ...{ x1: (x1 - left) * x, y1: (y1 - top) * y, x2: (x2 - left) * x, y2: (y2 - top) * y },
      ...(columns > boxValues && { order: { first, second } }),
    })
  }
  return found
}

/** Sorts boxes by the reading order of the network, where it outputs one. */
export function inReadingOrder(boxes: readonly Found[]): Found[] {
  return [...boxes].sort(
    ({ order: one = start }, { order: other = start }) =>
      one.first - other.first || other.second - one.second,
  )
}

const start = { first: 0, second: 0 }

import type { PaddleXBoxes, Size } from '../../model/index.js'
import { boxValues, foundIn, inReadingOrder, type BoxRows, type Found, type Unit } from './found-boxes.js'
import { paddleXBoxes } from './paddlex-boxes.js'

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

/** Which boxes are kept. */
export interface BoxLimits {
  /** Only boxes with a score above it are returned. */
  readonly threshold: number
  /** Other thresholds, by the number of the class. */
  readonly ofClass?: Readonly<Record<number, number>>
  /** Whether a score equal to the threshold is kept. */
  readonly keepsThreshold?: boolean
  /** The maximum number of boxes. */
  readonly most?: number
  /** PaddleX's post-processing. */
  readonly paddleX?: PaddleXBoxes
}

/** How the boxes of one image are post-processed. */
export interface BoxPostProcess extends BoxLimits {
  readonly labels: readonly string[]
  /** The size of the original image. */
  readonly size: Size
  readonly unit: Unit
}

/**
 * Returns the boxes of one image, best first, or in the reading order of a network that outputs one; boxes with
 * equal scores keep their order. As in PaddleDetection's `infer.py`, scores are compared in float32, a score equal
 * to the threshold is dropped, except with `keepsThreshold`, and so is a class below 0.
 */
export function boxesOf(rows: BoxRows, reading: BoxPostProcess): Box[] {
  const { paddleX, size, labels, most, ofClass = {} } = reading
  const kept = foundIn(rows, reading.unit).filter((box) => isKept(box, reading))
  // PaddleX goes through the classes where each has a threshold of its own.
  if (Object.keys(ofClass).length > 0) kept.sort((one, other) => one.classId - other.classId)
  const found = paddleX ? paddleXBoxes(kept, paddleX, size, labels) : kept
  const sorted =
    rows.columns > boxValues ? inReadingOrder(found) : found.sort((one, other) => other.score - one.score)
  return sorted.slice(0, most).map(({ classId, score, x1, y1, x2, y2 }) => {
    const label = labels[classId]
    return { classId, score, ...(label !== undefined && label !== '' && { label }), x1, y1, x2, y2 }
  })
}

function isKept(
  { classId, score }: Found,
  { threshold, ofClass = {}, keepsThreshold = false }: BoxLimits,
): boolean {
  const least = Math.fround(ofClass[classId] ?? threshold)
  return classId > -1 && (score > least || (keepsThreshold && score === least))
}

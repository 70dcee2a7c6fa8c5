import type { Size } from '../../model/index.js'

/** Rounds as Python's `round()`, numpy and OpenCV's `cvRound` do. */
export function roundHalfToEven(value: number): number {
  const nearest = Math.round(value)
  return nearest - value === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest
}

/** The size times `scale`. At least one pixel: OpenCV and Pillow do not support empty images. */
export function scaledSize({ width, height }: Size, scale: number): Size {
  return {
    width: Math.max(1, roundHalfToEven(width * scale)),
    height: Math.max(1, roundHalfToEven(height * scale)),
  }
}

/** Both sides rounded up to a multiple of `divisor`. */
export function multipleOf({ width, height }: Size, divisor: number): Size {
  const upTo = (side: number): number => Math.ceil(side / divisor) * divisor
  return { width: upTo(width), height: upTo(height) }
}

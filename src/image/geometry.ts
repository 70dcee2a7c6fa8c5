import type { ShorterSide, Size } from '../model/preprocessing.js'

/** The size that an image of `size` is resized to. */
export function resizedSize(size: Size, resize: ShorterSide | Size | undefined): Size {
  if (resize === undefined) return size
  if (!('short' in resize)) return resize
  const { short, fraction } = resize
  const { width, height } = size
  const upright = width <= height
  if (fraction === 'cut') {
    const long = Math.trunc((short * Math.max(width, height)) / Math.min(width, height))
    return upright ? { width: short, height: long } : { width: long, height: short }
  }
  // The same steps in the same order as PaddleClas takes them, as the last bit decides about a half.
  const ratio = short / Math.min(width, height)
  return { width: roundHalfToEven(width * ratio), height: roundHalfToEven(height * ratio) }
}

/** Where a crop of size `crop` in the centre of `size` begins; `undefined` when it does not fit in. */
export function centredCrop(size: Size, crop: Size): { left: number; top: number } | undefined {
  if (crop.width > size.width || crop.height > size.height) return undefined
  return { left: Math.floor((size.width - crop.width) / 2), top: Math.floor((size.height - crop.height) / 2) }
}

/** Python's `round()`. */
function roundHalfToEven(value: number): number {
  const rounded = Math.round(value)
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}

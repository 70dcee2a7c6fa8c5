import type { ResizeTo, Size } from '../../model/index.js'
import { multipleOf, roundHalfToEven, scaledSize } from './sizes.js'

/** Target size over source size, along each side. */
export interface Scale {
  readonly x: number
  readonly y: number
}

/** The size and the scale that an image is resized to. */
export interface Resized {
  readonly size: Size
  readonly scale: Scale
  /** Whether the pixels are computed with this scale rather than with the quotient of the sizes. */
  readonly byScale: boolean
}

/**
 * Computes the size that an image of `size` is resized to, with both sides rounded up to a multiple of
 * `divisor`.
 */
export function resize(size: Size, to: ResizeTo, divisor = 1): Resized {
  if ('by' in to && to.by === 'cut') return cutToSize(size, to)
  if ('fit' in to) return fitted(size, to)
  const { scale, ...exact } = scaledTo(size, to)
  if (divisor === 1) return scale ? { size: exact, scale, byScale: true } : bySize(size, exact)
  return bySize(size, multipleOf(exact, divisor))
}

function bySize(from: Size, to: Size): Resized {
  return { size: to, scale: { x: to.width / from.width, y: to.height / from.height }, byScale: false }
}

/** The `Resize` of PaddleDetection before 2.0 without `use_cv2`. */
function cutToSize({ width, height }: Size, to: Size): Resized {
  const scale = { x: to.width / width, y: to.height / height }
  const size = {
    width: Math.max(1, Math.trunc(scale.x * width)),
    height: Math.max(1, Math.trunc(scale.y * height)),
  }
  return { size, scale, byScale: false }
}

function fitted(from: Size, { fit, reportsRatio = false }: Extract<ResizeTo, { fit: Size }>): Resized {
  const ratio = Math.min(fit.height / from.height, fit.width / from.width)
  const resized = bySize(from, scaledSize(from, ratio))
  return reportsRatio ? { ...resized, scale: { x: ratio, y: ratio } } : resized
}

function scaledTo(size: Size, to: Exclude<ResizeTo, { fit: Size }>): Size & { scale?: Scale } {
  const { width, height } = size
  if ('long' in to) {
    const scale = scaleWithin(size, to)
    const exact = scaledSize(size, scale)
    return to.by === 'size' ? exact : { ...exact, scale: { x: scale, y: scale } }
  }
  if ('short' in to) {
    // The operations and their order are those of PaddleClas: the last bit decides how a half is rounded.
    if (to.fraction === 'round') return scaledSize(size, to.short / Math.min(width, height))
    const long = Math.trunc((to.short * Math.max(width, height)) / Math.min(width, height))
    return width <= height ? { width: to.short, height: long } : { width: long, height: to.short }
  }
  const target = { width: to.width, height: to.height }
  return to.by === 'size' ? target : { ...target, scale: { x: to.width / width, y: to.height / height } }
}

/** PaddleDetection's `Resize.generate_scale` with `keep_ratio`. */
function scaleWithin({ width, height }: Size, { short, long }: { short: number; long: number }): number {
  const longer = Math.max(width, height)
  const scale = short / Math.min(width, height)
  return roundHalfToEven(scale * longer) > long ? long / longer : scale
}

/**
 * The upper left corner of a crop of size `crop` in the centre of `size`, with a half cut off or rounded to
 * even; undefined if the crop does not fit.
 */
export function centredCrop(
  size: Size,
  crop: Size,
  half: 'cut' | 'round' = 'cut',
): { left: number; top: number } | undefined {
  if (crop.width > size.width || crop.height > size.height) return undefined
  const begin = half === 'cut' ? Math.floor : roundHalfToEven
  return { left: begin((size.width - crop.width) / 2), top: begin((size.height - crop.height) / 2) }
}

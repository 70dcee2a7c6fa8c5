import type { FloatResizeTo, FloatStep, Size } from '../../model/index.js'
import { roundHalfToEven } from './round-half-to-even.js'

/** A step on float32 pixels, with the size of the image before and after it. */
export interface SizedStep {
  readonly step: FloatStep
  readonly from: Size
  readonly to: Size
}

/** The steps with the sizes that an image of `size` has between them. */
export function sizedSteps(steps: readonly FloatStep[], size: Size): SizedStep[] {
  let from: Size = { width: size.width, height: size.height }
  return steps.map((step) => {
    const sized = { step, from, to: sizeAfter(step, from) }
    from = sized.to
    return sized
  })
}

function sizeAfter(step: FloatStep, from: Size): Size {
  if (step.step === 'normalise') return from
  if (step.step === 'resize') return resized(step.to, from)
  return 'aspectRatio' in step.to ? ofRatio(from, step.to.aspectRatio) : step.to
}

/** The operations and their order are those of PaddleSeg: the last bit decides how a half is rounded. */
function resized(to: FloatResizeTo, from: Size): Size {
  const longer = Math.max(from.width, from.height)
  const shorter = Math.min(from.width, from.height)
  switch (to.rule) {
    case 'size':
      return multipleOf(to.size, to.divisor)
    case 'within': {
      const most = Math.max(to.size.width, to.size.height)
      const least = Math.min(to.size.width, to.size.height)
      return multipleOf(scaled(from, Math.min(most / longer, least / shorter)), to.divisor)
    }
    case 'short': {
      const exceeds = (to.short / shorter) * longer > to.most
      return scaled(from, (exceeds ? Math.trunc((to.most / longer) * shorter) : to.short) / shorter)
    }
    case 'long':
      return scaled(from, to.long / longer)
    case 'limit': {
      if (to.most !== undefined && longer > to.most) return scaled(from, to.most / longer)
      if (to.least !== undefined && longer < to.least) return scaled(from, to.least / longer)
      return from
    }
    case 'factor':
      return scaled(from, to.factor)
  }
}

/** At least one pixel: OpenCV does not support empty images. */
function scaled({ width, height }: Size, scale: number): Size {
  return {
    width: Math.max(1, roundHalfToEven(width * scale)),
    height: Math.max(1, roundHalfToEven(height * scale)),
  }
}

function multipleOf({ width, height }: Size, divisor = 1): Size {
  const upTo = (side: number): number => Math.ceil(side / divisor) * divisor
  return { width: upTo(width), height: upTo(height) }
}

function ofRatio({ width, height }: Size, aspectRatio: number): Size {
  const ratio = width / height
  if (ratio === aspectRatio) return { width, height }
  return ratio > aspectRatio
    ? { width, height: Math.trunc(width / aspectRatio) }
    : { width: Math.trunc(height * aspectRatio), height }
}

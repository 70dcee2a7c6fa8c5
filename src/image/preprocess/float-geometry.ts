import type { FloatResizeTo, FloatStep, Size } from '../../model/index.js'
import { multipleOf, scaledSize } from './sizes.js'

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
      return multipleOf(to.size, to.divisor ?? 1)
    case 'within': {
      const most = Math.max(to.size.width, to.size.height)
      const least = Math.min(to.size.width, to.size.height)
      return multipleOf(scaledSize(from, Math.min(most / longer, least / shorter)), to.divisor ?? 1)
    }
    case 'short': {
      const exceeds = (to.short / shorter) * longer > to.most
      return scaledSize(from, (exceeds ? Math.trunc((to.most / longer) * shorter) : to.short) / shorter)
    }
    case 'long':
      return scaledSize(from, to.long / longer)
    case 'limit': {
      if (to.most !== undefined && longer > to.most) return scaledSize(from, to.most / longer)
      if (to.least !== undefined && longer < to.least) return scaledSize(from, to.least / longer)
      return from
    }
    case 'factor':
      return scaledSize(from, to.factor)
  }
}

function ofRatio({ width, height }: Size, aspectRatio: number): Size {
  const ratio = width / height
  if (ratio === aspectRatio) return { width, height }
  return ratio > aspectRatio
    ? { width, height: Math.trunc(width / aspectRatio) }
    : { width: Math.trunc(height * aspectRatio), height }
}

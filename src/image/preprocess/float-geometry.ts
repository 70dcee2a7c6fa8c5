import type { FloatResizeTo, FloatStep, Size } from '../../model/index.js'
import { resize, type Scale } from './geometry.js'
import { multipleOf, scaledSize } from './sizes.js'

/** A step on float32 pixels, with the size of the image before and after it. */
export interface SizedStep {
  readonly step: FloatStep
  readonly from: Size
  readonly to: Size
  /** That of a resize, where it is not the quotient of the sizes. */
  readonly scale?: Scale
}

/** The steps with the sizes that an image of `size` has between them. */
export function sizedSteps(steps: readonly FloatStep[], size: Size): SizedStep[] {
  let from: Size = { width: size.width, height: size.height }
  return steps.map((step) => {
    const sized = { step, from, ...afterStep(step, from) }
    from = sized.to
    return sized
  })
}

function afterStep(step: FloatStep, from: Size): Pick<SizedStep, 'to' | 'scale'> {
  if (step.step === 'normalise') return { to: from }
  if (step.step === 'crop') return { to: step.size }
  if (step.step === 'pad') return { to: sizeAfterPadding(step.to, from) }
  if (step.to.rule !== 'pixels') return { to: resized(step.to, from) }
  const { size, scale, byScale } = resize(from, step.to.to)
  return { to: size, ...(byScale && { scale }) }
}

function sizeAfterPadding(to: Extract<FloatStep, { step: 'pad' }>['to'], from: Size): Size {
  if ('aspectRatio' in to) return ofRatio(from, to.aspectRatio)
  if ('multipleOf' in to) return multipleOf(from, to.multipleOf)
  if (!('atLeast' in to)) return to
  const { width, height } = to.atLeast
  return { width: Math.max(width, from.width), height: Math.max(height, from.height) }
}

/** The operations and their order are those of PaddleSeg and PaddleX 1: the last bit decides how a half is rounded. */
function resized(to: Exclude<FloatResizeTo, { rule: 'pixels' }>, from: Size): Size {
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

import type { PixelStep, Resampling, Size } from '../../model/index.js'
import {
  checkRoom,
  cut,
  resample,
  warpToCentre,
  type Part,
  type ReducedImage,
  type ResampleTarget,
} from '../resample/index.js'
import { centredCrop, resize, type Scale } from './geometry.js'
import { tooSmallForCrop } from './input-size.js'
import type { RgbImage } from './normalise.js'

/** One pass over the pixels: resize or warp, and keep only a part, or only cut that part. */
export interface ResizeStage {
  readonly resize?: ResampleTarget & { readonly resampling: Resampling }
  /** The size after an affine transform. */
  readonly warp?: Size
  readonly part: Part
}

/** The stages for images of one size. */
export interface ResizePlan {
  readonly stages: readonly ResizeStage[]
  /** The size after the last resize, before any crop that follows. */
  readonly resized: Size
  /** The scale of all stages together. */
  readonly scale: Scale
}

/**
 * Merges steps: of a resized image, only the part left by the crops that follow is computed.
 *
 * @throws PaddleError IMAGE_TOO_SMALL if a crop does not fit
 */
export function planResize(name: string, size: Size, steps: readonly PixelStep[]): ResizePlan {
  const stages: ResizeStage[] = []
  let resized = size
  let scale: Scale = { x: 1, y: 1 }
  let current: ResizeStage = { part: whole(size) }
  for (const step of steps) {
    if (step.step === 'crop') {
      current = { ...current, part: cropped(name, current.part, step) }
      continue
    }
    stages.push(current)
    if (step.step === 'warp') {
      current = { warp: step.size, part: whole(step.size) }
      continue
    }
    const to = resize(current.part, step.to, step.divisor)
    resized = to.size
    // After earlier stages, the scale is that of all of them together.
    scale =
      stages.length === 1 ? to.scale : { x: resized.width / size.width, y: resized.height / size.height }
    const { resampling } = step
    current = {
      resize: { size: to.size, resampling, ...(to.byScale && { scale: to.scale }) },
      part: whole(to.size),
    }
  }
  stages.push(current)
  // A first stage that changes nothing is dropped.
  const isIdle =
    stages.length > 1 && stages[0]?.part.width === size.width && stages[0].part.height === size.height
  return { stages: isIdle ? stages.slice(1) : stages, resized, scale }
}

function whole({ width, height }: Size): Part {
  return { left: 0, top: 0, width, height }
}

function cropped(name: string, part: Part, { size, half }: Extract<PixelStep, { step: 'crop' }>): Part {
  const corner = centredCrop(part, size, half)
  if (corner) return { ...size, left: part.left + corner.left, top: part.top + corner.top }
  throw tooSmallForCrop(name, part, size)
}

/** @throws RangeError if a stage would take more memory than allowed */
export function checkResizePlan(size: Size, stages: readonly ResizeStage[]): void {
  let from = size
  for (const { resize, part } of stages) {
    if (resize) checkRoom(from, resize, part, resize.resampling)
    from = part
  }
}

/** Runs all stages and returns the pixels, which may be in the memory of `image`. */
export async function runResizePlan(image: ReducedImage, stages: readonly ResizeStage[]): Promise<RgbImage> {
  let current: ReducedImage = image
  for (const stage of stages) current = await runStage(current, stage)
  return current
}

async function runStage(image: ReducedImage, { resize, warp, part }: ResizeStage): Promise<RgbImage> {
  if (resize) return resample(image, resize, part, resize.resampling)
  if (warp) return runStage(await warpToCentre(image, warp), { part })
  const isWhole = part.width === image.width && part.height === image.height
  return isWhole ? image : cut(image, part)
}

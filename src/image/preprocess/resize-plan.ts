import { PaddleError } from '../../errors.js'
import type { PixelStep, Resampling, Size } from '../../model/index.js'
import {
  checkRoom,
  cut,
  resample,
  type Part,
  type ReducedImage,
  type ResampleTarget,
} from '../resample/index.js'
import { centredCrop, resize, type Scale } from './geometry.js'
import type { RgbImage } from './normalise.js'

/** One pass over the pixels: resizing, of which only a part is wanted, or that part alone. */
export interface ResizeStage {
  /** Left out: nothing is resized. */
  readonly resize?: ResampleTarget & { readonly resampling: Resampling }
  readonly part: Part
}

/** What is done with the pixels of an image of a certain size. */
export interface ResizePlan {
  readonly stages: readonly ResizeStage[]
  /** After the last resize, before any crop behind it. */
  readonly resized: Size
  /** By how much all of them enlarge. */
  readonly scale: Scale
}

/**
 * Brings steps together: of what is resized only the part is computed that the crops behind it leave.
 *
 * @throws PaddleError IMAGE_TOO_SMALL when a crop does not fit in
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
    const to = resize(current.part, step.to, step.divisor)
    resized = to.size
    // After others, what matters is how much all of them have enlarged.
    scale =
      stages.length === 1 ? to.scale : { x: resized.width / size.width, y: resized.height / size.height }
    const { resampling } = step
    current = {
      resize: { size: to.size, resampling, ...(to.byScale && { scale: to.scale }) },
      part: whole(to.size),
    }
  }
  stages.push(current)
  // The image as it is needs no pass of its own.
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
  throw new PaddleError(
    'IMAGE_TOO_SMALL',
    `${name} is ${part.width} × ${part.height} after resizing, too small for a crop of ` +
      `${size.width} × ${size.height}.`,
    { advice: 'Resize to a larger size, or crop a smaller part.' },
  )
}

/** @throws RangeError when a stage would take more memory than there may be */
export function checkResizePlan(size: Size, stages: readonly ResizeStage[]): void {
  let from = size
  for (const { resize, part } of stages) {
    if (resize) checkRoom(from, resize, part, resize.resampling)
    from = part
  }
}

/** The pixels after all stages. What is returned may be the memory that was given. */
export async function runResizePlan(image: ReducedImage, stages: readonly ResizeStage[]): Promise<RgbImage> {
  let current: ReducedImage = image
  for (const stage of stages) current = await runStage(current, stage)
  return current
}

async function runStage(image: ReducedImage, { resize, part }: ResizeStage): Promise<RgbImage> {
  if (resize) return resample(image, resize, part, resize.resampling)
  const isWhole = part.width === image.width && part.height === image.height
  return isWhole ? image : cut(image, part)
}

import type { RgbImage } from './normalise.js'
import type { Size } from '../model/index.js'
import { checkRoom, cut, resample, type ReducedImage } from './resample/index.js'
import type { ResizeStage } from './stages.js'

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

import type { RgbImage } from '../preprocess/normalise.js'
import { openCvArea } from './opencv-area.js'
import { openCvBoxes } from './opencv-area-whole.js'
import { openCvFilter } from './opencv-filter.js'
import type { Part, ResampleTarget } from './resample-target.js'

export type OpenCvMethod = 'linear' | 'cubic' | 'area' | 'lanczos4'

/** Resizes a part of the image like `cv2.resize`, with the same choice of algorithm. */
export async function openCv(
  image: RgbImage,
  { size, scale }: ResampleTarget,
  part: Part,
  method: OpenCvMethod,
): Promise<RgbImage> {
  const by = scale ?? { x: size.width / image.width, y: size.height / image.height }
  const steps = { x: 1 / by.x, y: 1 / by.y }
  const whole = { x: Math.round(steps.x), y: Math.round(steps.y) }
  const isWhole = Math.abs(steps.x - whole.x) < Number.EPSILON && Math.abs(steps.y - whole.y) < Number.EPSILON
  if (method === 'linear') {
    const isHalf = isWhole && whole.x === 2 && whole.y === 2
    return isHalf ? openCvBoxes(image, whole, part) : openCvFilter(image, by, part, 'linear')
  }
  if (method !== 'area') return openCvFilter(image, by, part, method)
  if (steps.x < 1 || steps.y < 1) return openCvFilter(image, by, part, 'enlarging-area')
  return isWhole ? openCvBoxes(image, whole, part) : openCvArea(image, steps, part)
}

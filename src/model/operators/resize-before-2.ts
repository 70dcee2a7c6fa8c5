import { z } from 'zod'
import { ConfigMismatch } from '../config-errors.js'
import type { Resampling, ResizeTo } from '../preprocessing.js'
import { openCvByNumber, operator, pixels } from './operator.js'

/** In the order of Pillow's resampling numbers. */
const pillow = ['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming'] as const

/** The families whose images keep their ratio. */
const keepRatio: ReadonlySet<string> = new Set(['RCNN', 'RetinaNet', 'FCOS', 'SOLOv2'])

/**
 * The `Resize` of PaddleDetection's `deploy/python/preprocess.py` before 2.0: `max_size` 0 stretches, and with an
 * `image_shape` the image is padded to a square of `max_size`.
 */
export const ResizeBefore2 = operator(
  z.strictObject({
    arch: z.string(),
    target_size: pixels,
    max_size: z.union([z.literal(0), pixels], { error: 'expected a number of pixels, or 0' }),
    use_cv2: z.boolean().optional(),
    image_shape: z.array(z.unknown()).nullish(),
    interp: z.int().optional(),
    resize_box: z.boolean().optional(),
  }),
  (draft, { arch, target_size: side, max_size, use_cv2 = true, image_shape, interp = 1 }) => {
    if (!use_cv2 && max_size !== 0)
      throw new ConfigMismatch(`Resize has a max_size of ${max_size}, which requires use_cv2`)
    const to: ResizeTo =
      max_size !== 0 && keepRatio.has(arch)
        ? { short: side, long: max_size }
        : { width: side, height: side, by: use_cv2 ? 'scale' : 'cut' }
    const resampling = resamplingOf(interp, use_cv2)
    if (!draft.isNormalised) draft.addStep({ step: 'resize', to, resampling })
    else if (resampling.library === 'opencv')
      draft.addFloatResize({ step: 'resize', to: { rule: 'pixels', to }, method: resampling.method })
    else
      throw new ConfigMismatch(
        'Resize comes after Normalize, which requires use_cv2: Pillow would resize integers',
      )
    if (max_size !== 0 && image_shape != null)
      draft.addPadding({ width: max_size, height: max_size }, [0, 0, 0], false)
  },
)

function resamplingOf(interp: number, isOpenCv: boolean): Resampling {
  if (isOpenCv) {
    const method = openCvByNumber[interp]
    if (method !== undefined) return { library: 'opencv', method }
  } else {
    const method = pillow[interp]
    if (method !== undefined) return { library: 'pillow', method }
  }
  const known = [...(isOpenCv ? openCvByNumber : pillow).keys()].join(', ')
  throw new ConfigMismatch(`Resize cannot interpolate as ${interp}, known are ${known}`)
}

import { z } from 'zod'
import { ConfigMismatch } from '../config-errors.js'
import type { Resampling, ResizeTo } from '../preprocessing.js'
import {
  imageNet,
  openCvMethods,
  operator,
  pillowMethods,
  pixels,
  readScale,
  sides,
  triple,
  widthFirst,
  type Operator,
} from './operator.js'

const nothing = z.strictObject({})

const library = z
  .string()
  .transform((name) => name.toLowerCase())
  .pipe(z.enum(['cv2', 'pil']))

const DecodeImage = operator(
  z.strictObject({
    to_rgb: z.boolean().optional(),
    img_mode: z.enum(['RGB', 'BGR']).optional(),
    channel_first: z.boolean().optional(),
    to_np: z.boolean().optional(),
    backend: library.optional(),
  }),
  (draft, { to_rgb, img_mode, channel_first, backend }) => {
    if (!draft.isFirst) throw new ConfigMismatch('DecodeImage must come first')
    const byMode = img_mode === undefined ? undefined : img_mode === 'RGB'
    if (byMode !== undefined && to_rgb !== undefined && byMode !== to_rgb) {
      throw new ConfigMismatch(`DecodeImage has img_mode ${img_mode ?? ''}, but to_rgb ${to_rgb}`)
    }
    draft.channels = (byMode ?? to_rgb ?? true) ? 'RGB' : 'BGR'
    draft.decode = backend === 'pil' ? 'pillow' : 'opencv'
    if (channel_first === true) draft.setPlanar()
  },
)

const ResizeImage = operator(
  z.strictObject({
    resize_short: z
      .int()
      .max(2 ** 20)
      .nullish(),
    size: sides.nullish(),
    interpolation: z.string().nullish(),
    backend: library.optional(),
    size_divisor: pixels.nullish(),
    return_numpy: z.boolean().optional(),
  }),
  (draft, { resize_short, size, interpolation, backend, size_divisor }) => {
    draft.addStep({
      step: 'resize',
      to: target(resize_short ?? 0, size ?? undefined),
      resampling: resamplingOf(backend ?? 'cv2', interpolation ?? undefined),
      ...(size_divisor != null && { divisor: size_divisor }),
    })
  },
)

/** `resize_short` takes precedence over `size`. */
function target(short: number, size: z.infer<typeof sides> | undefined): ResizeTo {
  if (short > 0) return { short, fraction: 'round' }
  if (size !== undefined) return { ...widthFirst(size), by: 'size' }
  throw new ConfigMismatch('ResizeImage needs resize_short or size')
}

function resamplingOf(backend: 'cv2' | 'pil', interpolation = 'bilinear'): Resampling {
  const methods = backend === 'cv2' ? openCvMethods : pillowMethods
  const name = interpolation.toLowerCase()
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  if (method === undefined) {
    throw new ConfigMismatch(
      `ResizeImage cannot interpolate as ${interpolation} with ${backend}, known are ${Object.keys(methods).join(', ')}`,
    )
  }
  return { library: backend === 'cv2' ? 'opencv' : 'pillow', method } as Resampling
}

const CropImage = operator(z.strictObject({ size: sides.optional() }), (draft, { size }) => {
  draft.addStep({ step: 'crop', size: widthFirst(size ?? 224) })
})

/** Paddle's own operator: `size` is `[height, width]`, and half a pixel is rounded. */
const CenterCrop = operator(z.strictObject({ size: sides }), (draft, { size }) => {
  const { width: height, height: width } = widthFirst(size)
  draft.addStep({ step: 'crop', size: { width, height }, half: 'round' })
})

const NormalizeImage = operator(
  z.strictObject({
    scale: z.union([z.number(), z.string()], { error: 'expected a number or a fraction' }).nullish(),
    mean: triple.nullish(),
    std: triple.nullish(),
    order: z.enum(['', 'hwc', 'chw']).optional(),
    channel_num: z.union([z.literal(3), z.literal(4)], { error: 'expected 3 or 4' }).optional(),
    output_fp16: z.literal(false, { error: 'float16 is not supported' }).optional(),
  }),
  (draft, { scale: given, mean, std, order, channel_num }) => {
    const scale = given == null ? imageNet.scale : readScale(given)
    if (scale === undefined) {
      throw new ConfigMismatch(`NormalizeImage.scale is neither a number nor a fraction: ${String(given)}`)
    }
    if (order !== undefined && (order === 'chw') !== draft.isPlanar) {
      const place = draft.isPlanar ? 'first' : 'last'
      throw new ConfigMismatch(
        `NormalizeImage has the order '${order}', but the channels come ${place} there`,
      )
    }
    draft.setNormalisation({ scale, mean: mean ?? imageNet.mean, std: std ?? imageNet.std })
    draft.planes = channel_num ?? 3
  },
)

const ToCHWImage = operator(nothing, (draft) => {
  draft.setPlanar()
})

/** A no-op: it selects what accompanies an image. */
const KeepKeys = operator(z.strictObject({ keep_keys: z.array(z.string()).optional() }), () => undefined)

/** The operators of `PreProcess.transform_ops`. */
export const paddleClasOperators: Readonly<Record<string, Operator>> = {
  DecodeImage,
  ResizeImage,
  CropImage,
  CenterCrop,
  NormalizeImage,
  ToCHWImage,
  KeepKeys,
}

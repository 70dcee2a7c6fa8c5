import { z } from 'zod'
import { ConfigMismatch } from '../config-errors.js'
import type { Normalisation, Resampling, ResizeTo, Size } from '../preprocessing.js'
import type { Draft } from './preprocessing-builder.js'
import { ResizeBefore2 } from './resize-before-2.js'
import {
  heightFirst,
  imageNet,
  openCvByNumber,
  openCvMethods,
  operator,
  pixels,
  sides,
  triple,
  type Operator,
} from './operator.js'

const ResizeNow = operator(
  z.strictObject({
    target_size: sides,
    keep_ratio: z.boolean().optional(),
    interp: z.union([z.int(), z.string()], { error: 'expected a number or a name' }).optional(),
    size_divisor: pixels.nullish(),
  }),
  (draft, { target_size, keep_ratio, interp, size_divisor }) => {
    draft.addStep({
      step: 'resize',
      to: target(heightFirst(target_size), keep_ratio ?? true),
      resampling: resamplingOf(interp ?? 1),
      ...(size_divisor != null && { divisor: size_divisor }),
    })
  },
)

/** In both releases; the older one has `max_size`. */
const Resize: Operator = (draft, raw) => {
  if ('max_size' in raw.parameters) ResizeBefore2(draft, raw)
  else ResizeNow(draft, raw)
}

function target({ width, height }: Size, keepsRatio: boolean): ResizeTo {
  if (!keepsRatio) return { width, height, by: 'scale' }
  return { short: Math.min(width, height), long: Math.max(width, height) }
}

function resamplingOf(interp: number | string): Resampling {
  const name = typeof interp === 'string' ? interp.toLowerCase() : undefined
  const method =
    typeof interp === 'number'
      ? openCvByNumber[interp]
      : name !== undefined && Object.hasOwn(openCvMethods, name)
        ? openCvMethods[name]
        : undefined
  if (method !== undefined) return { library: 'opencv', method }
  const known = [...openCvByNumber.keys(), ...Object.keys(openCvMethods)].join(', ')
  throw new ConfigMismatch(`Resize cannot interpolate as ${interp}, known are ${known}`)
}

function requireChannelsLast({ isPlanar }: Draft, name: string): void {
  if (isPlanar) throw new ConfigMismatch(`${name} cannot come after Permute: it requires the channels last`)
}

const NormalizeImage = operator(
  z.strictObject({
    mean: triple.optional(),
    std: triple.optional(),
    is_scale: z.boolean().optional(),
    norm_type: z.enum(['mean_std', 'none']).optional(),
  }),
  (draft, { mean = imageNet.mean, std = imageNet.std, is_scale = true, norm_type }) => {
    requireChannelsLast(draft, 'NormalizeImage')
    const scale = is_scale ? 1 / 255 : 1
    draft.setNormalisation(
      norm_type === 'none'
        ? { scale, mean: [0, 0, 0], std: [1, 1, 1] }
        : { scale, mean, std, inDouble: true },
    )
  },
)

/** `NormalizeImage` before 2.0. */
const Normalize = operator(
  z.strictObject({
    mean: triple,
    std: triple,
    is_scale: z.boolean().optional(),
    is_channel_first: z.boolean().optional(),
  }),
  (draft, { mean, std, is_scale = true, is_channel_first = false }) => {
    if (is_channel_first !== draft.isPlanar) {
      const place = draft.isPlanar ? 'first' : 'last'
      throw new ConfigMismatch(
        `Normalize has is_channel_first ${is_channel_first}, but the channels come ${place} there`,
      )
    }
    draft.setNormalisation(byQuotient(mean, std, is_scale))
  },
)

const Permute = operator(
  z.strictObject({
    to_bgr: z.boolean().optional(),
    channel_first: z.literal(true, { error: 'the channels must come first' }).optional(),
  }),
  (draft, { to_bgr }) => {
    draft.setPlanar()
    if (to_bgr === true) draft.swapChannels()
  },
)

const Pad = operator(
  z.strictObject({ size: sides, fill_value: triple.optional() }),
  (draft, { size, fill_value }) => {
    draft.addPadding(heightFirst(size), fill_value ?? [114, 114, 114], false)
  },
)

/** OpenCV rounds the 127.5 with which it pads pixels of 8 bits. */
const letterBoxFill = [128, 128, 128] as const

const LetterBoxResize = operator(z.strictObject({ target_size: sides }), (draft, { target_size }) => {
  const size = heightFirst(target_size)
  requireBytes(draft, 'LetterBoxResize')
  draft.addStep({
    step: 'resize',
    to: { fit: size, reportsRatio: true },
    resampling: { library: 'opencv', method: 'area' },
  })
  draft.addPadding(size, letterBoxFill, false, 'cut')
})

/** With `keep_res`, it moves whole pixels: the image is placed in the centre of black. It becomes BGR. */
const WarpAffine = operator(
  z.strictObject({
    keep_res: z.boolean().optional(),
    pad: z
      .int()
      .min(0)
      .max(2 ** 15 - 1)
      .refine((pad) => Number.isInteger(Math.log2(pad + 1)), {
        error: 'expected one less than a power of two: 31',
      })
      .optional(),
    input_h: pixels.optional(),
    input_w: pixels.optional(),
    scale: z.number().optional(),
    shift: z.number().optional(),
    down_ratio: z.number().optional(),
  }),
  (draft, { keep_res = false, pad = 31, input_h: height = 512, input_w: width = 512 }) => {
    requireBytes(draft, 'WarpAffine')
    if (!keep_res) draft.addStep({ step: 'warp', size: { width, height } })
    else draft.addPadding({ multipleAbove: pad + 1 }, [0, 0, 0], false, 'up')
    draft.swapChannels()
  },
)

function requireBytes({ isNormalised }: Draft, name: string): void {
  if (isNormalised) throw new ConfigMismatch(`${name} cannot come after normalising`)
}

const PadStride = operator(
  z.strictObject({
    stride: z
      .int()
      .max(2 ** 15)
      .optional(),
  }),
  (draft, { stride = 0 }) => {
    if (stride > 0) draft.addPadding({ multipleOf: stride }, [0, 0, 0], true)
  },
)

/** The operators of `Preprocess`. */
export const paddleDetectionOperators: Readonly<Record<string, Operator>> = {
  Resize,
  NormalizeImage,
  Normalize,
  Permute,
  Pad,
  LetterBoxResize,
  WarpAffine,
  PadStride,
}

type Triple = z.infer<typeof triple>

function byQuotient(mean: Triple, std: Triple, isScaled: boolean): Normalisation {
  return { scale: 1, ...(isScaled && { divisor: 255 }), mean, std, inDouble: true }
}

/** Its parameters are required, and it divides by 255. */
const DetNormalizeImage = operator(
  z.strictObject({ mean: triple, std: triple, is_scale: z.boolean().optional() }),
  (draft, { mean, std, is_scale = true }) => {
    requireChannelsLast(draft, 'DetNormalizeImage')
    draft.setNormalisation(byQuotient(mean, std, is_scale))
  },
)

const DetPermute = operator(z.strictObject({}), (draft) => {
  draft.setPlanar()
})

/** The operators of `DetPreProcess`: PaddleClas' `deploy/python/det_preprocess.py`. */
export const mainbodyOperators: Readonly<Record<string, Operator>> = {
  DetResize: Resize,
  DetNormalizeImage,
  DetPermute,
  DetPadStride: PadStride,
}

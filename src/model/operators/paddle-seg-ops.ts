import { z } from 'zod'
import { ConfigMismatch, UnsupportedConfig } from '../config-errors.js'
import type { RawOperator } from '../operator-list.js'
import type { FloatResizeTo, FloatStep, Preprocessing, Size } from '../preprocessing.js'
import { knownOperator, openCvByName, operator, pixels, type Operator } from './operator.js'
import { asItIs, checkSize } from './preprocessing-builder.js'

/** The steps read so far. PaddleSeg's transforms may come in any order. */
type Steps = FloatStep[]
type Triple = Extract<FloatStep, { step: 'normalise' }>['mean']

/** `[width, height]`, as PaddleSeg writes it. */
const targetSize = z
  .tuple([pixels, pixels], { error: 'expected a list of width and height' })
  .transform(([width, height]): Size => ({ width, height }))

/** One number for all channels, or one for each. */
const perChannel = z
  .union([z.tuple([z.number()]), z.tuple([z.number(), z.number(), z.number()])], {
    error: 'expected a list of one number or three',
  })
  .transform(([first, second = first, third = first]): Triple => [first, second, third])

const half: Triple = [0.5, 0.5, 0.5]

const Normalize = operator(
  z.strictObject({ mean: perChannel.optional(), std: perChannel.optional() }),
  (steps: Steps, { mean = half, std = half }) => {
    if (std.includes(0)) throw new ConfigMismatch('Normalize divides by a std of 0')
    if (![...mean, ...std].every((value) => Number.isFinite(Math.fround(value))))
      throw new ConfigMismatch('Normalize has a number beyond the range of float32')
    steps.push({ step: 'normalise', mean, std })
  },
)

const Resize = operator(
  z.strictObject({
    target_size: targetSize.optional(),
    keep_ratio: z.boolean().optional(),
    size_divisor: z
      .int()
      .nonnegative()
      .max(2 ** 15)
      .nullish(),
    interp: z.string().optional(),
  }),
  (steps: Steps, { target_size, keep_ratio = false, size_divisor, interp = 'LINEAR' }) => {
    const method = openCvByName('Resize', interp)
    const size = target_size ?? { width: 512, height: 512 }
    checkSize(size)
    const divisor = size_divisor ? { divisor: size_divisor } : {}
    steps.push({ step: 'resize', to: { rule: keep_ratio ? 'within' : 'size', size, ...divisor }, method })
  },
)

const ResizeByShort = operator(
  z.strictObject({ short_size: pixels, max_size: z.number().positive().optional() }),
  (steps: Steps, { short_size, max_size = 1e10 }) => {
    steps.push(linear({ rule: 'short', short: short_size, most: max_size }))
  },
)

const ResizeByLong = operator(z.strictObject({ long_size: pixels }), (steps: Steps, { long_size }) => {
  steps.push(linear({ rule: 'long', long: long_size }))
})

const LimitLong = operator(
  z.strictObject({ max_long: pixels.nullish(), min_long: pixels.nullish() }),
  (steps: Steps, { max_long: most, min_long: least }) => {
    if (most != null && least != null && least > most)
      throw new ConfigMismatch(`LimitLong has a min_long of ${least}, above its max_long of ${most}`)
    const limits = { ...(least != null && { least }), ...(most != null && { most }) }
    steps.push(linear({ rule: 'limit', ...limits }))
  },
)

const ResizeRangeScaling = operator(
  z.strictObject({ min_value: pixels.optional(), max_value: pixels.optional() }),
  (steps: Steps, { min_value = 400, max_value = 600 }) => {
    checkFixed('ResizeRangeScaling', min_value, max_value)
    steps.push(linear({ rule: 'long', long: max_value }))
  },
)

const factor = z.number().positive()

const ResizeStepScaling = operator(
  z.strictObject({
    min_scale_factor: factor.optional(),
    max_scale_factor: factor.optional(),
    scale_step_size: z.number().optional(),
  }),
  (steps: Steps, { min_scale_factor = 0.75, max_scale_factor = 1.25 }) => {
    checkFixed('ResizeStepScaling', min_scale_factor, max_scale_factor)
    steps.push(linear({ rule: 'factor', factor: max_scale_factor }))
  },
)

/** What only concerns the labels of a data set. */
const ofLabels = { label_padding_value: z.unknown().optional() }

const Padding = operator(
  z.strictObject({ target_size: targetSize, im_padding_value: z.number().optional(), ...ofLabels }),
  (steps: Steps, { target_size, im_padding_value = 127.5 }) => {
    checkSize(target_size)
    steps.push({ step: 'pad', to: target_size, fill: im_padding_value })
  },
)

const PaddingByAspectRatio = operator(
  z.strictObject({ aspect_ratio: factor.optional(), im_padding_value: z.number().optional(), ...ofLabels }),
  (steps: Steps, { aspect_ratio = 1, im_padding_value = 127.5 }) => {
    steps.push({ step: 'pad', to: { aspectRatio: aspect_ratio }, fill: im_padding_value })
  },
)

function linear(to: FloatResizeTo): FloatStep {
  return { step: 'resize', to, method: 'linear' }
}

function checkFixed(name: string, least: number, most: number): void {
  if (least === most) return
  throw new UnsupportedConfig(
    `${name} chooses at random from ${least} to ${most}`,
    'Export the model with a configuration in which both limits are equal.',
  )
}

/** The operators of `Deploy.transforms`. */
const paddleSegOperators: Readonly<Record<string, Operator<Steps>>> = {
  ...{ Normalize, Resize, ResizeByShort, ResizeByLong, LimitLong, ResizeRangeScaling, ResizeStepScaling },
  ...{ Padding, PaddingByAspectRatio },
}

/**
 * Applies PaddleSeg's transforms in order: on float32 pixels, as RGB.
 *
 * @throws ConfigMismatch, UnsupportedConfig, ZodError
 */
export function toFloatPreprocessing(operators: readonly RawOperator[]): Preprocessing {
  const floatSteps: Steps = []
  for (const raw of operators) knownOperator(raw.name, paddleSegOperators)(floatSteps, raw)
  return {
    ...{ decode: 'opencv', channels: 'RGB', steps: [], normalise: asItIs, padding: [], planes: 3 },
    floatSteps,
  }
}

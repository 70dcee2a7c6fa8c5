import { z } from 'zod'
import { ConfigMismatch } from '../config-errors.js'
import type { RawOperator } from '../operator-list.js'
import type { PaddleXModel } from '../paddlex-model.js'
import type { FloatStep, Preprocessing, Size } from '../preprocessing.js'
import {
  imageNet,
  knownOperator,
  openCvByName,
  operator,
  pixels,
  sides,
  triple,
  widthFirst,
  type Operator,
} from './operator.js'
import { checkLevels, normalizeParameters } from './paddlex-levels.js'
import { asItIs, checkSize } from './preprocessing-builder.js'

type Triple = Extract<FloatStep, { step: 'normalise' }>['mean']

/** The steps read so far, for a network that takes `channels`. */
interface Target {
  readonly channels: PaddleXModel['channels']
  readonly steps: FloatStep[]
}

type Operators = Readonly<Record<string, Operator<Target>>>

const [half, grey]: [Triple, Triple] = [
  [0.5, 0.5, 0.5],
  [127.5, 127.5, 127.5],
]
const levels: { readonly min: Triple; readonly max: Triple } = { min: [0, 0, 0], max: [255, 255, 255] }

/** Values in the order of the channels, as R, G and B. */
function ofRgb([first, second, third]: Triple, { channels }: Target): Triple {
  return channels === 'RGB' ? [first, second, third] : [third, second, first]
}

/** @param usual - the defaults */
function normalizeWith(usual: { readonly mean: Triple; readonly std: Triple }): Operator<Target> {
  return operator(
    z.strictObject(normalizeParameters),
    (target: Target, { mean = usual.mean, std = usual.std, min_val = levels.min, max_val = levels.max }) => {
      if (std.includes(0)) throw new ConfigMismatch('Normalize divides by a std of 0')
      checkLevels(min_val, max_val)
      target.steps.push({
        step: 'normalise',
        mean: ofRgb(mean, target),
        std: ofRgb(std, target),
        limits: { min: ofRgb(min_val, target), max: ofRgb(max_val, target) },
      })
    },
  )
}

/** `max_size` of 0 or less is no limit. */
function resizeByShortWith(
  usual: { readonly short: number; readonly long: number },
  method: 'linear' | 'nearest',
): Operator<Target> {
  return operator(
    z.strictObject({ short_size: pixels.optional(), max_size: z.int().optional() }),
    ({ steps }: Target, { short_size: short = usual.short, max_size: long = usual.long }) => {
      const to = { short, long: long > 0 ? long : Infinity, by: 'size' } as const
      steps.push({ step: 'resize', to: { rule: 'pixels', to }, method })
    },
  )
}

/** `target_size` is `[width, height]`. @param usual - the default, if there is one */
function resizeWith(usual?: number): Operator<Target> {
  return operator(
    z.strictObject({
      target_size: usual === undefined ? sides : sides.default(usual),
      interp: z.string().optional(),
    }),
    ({ steps }: Target, { target_size, interp = 'LINEAR' }) => {
      const size = checked(widthFirst(target_size))
      steps.push({ step: 'resize', to: { rule: 'size', size }, method: openCvByName('Resize', interp) })
    },
  )
}

function checked(size: Size): Size {
  checkSize(size)
  return size
}

const CenterCrop = operator(
  z.strictObject({ crop_size: pixels.optional() }),
  ({ steps }: Target, { crop_size: side = 224 }) => {
    steps.push({ step: 'crop', size: checked({ width: side, height: side }) })
  },
)

const ResizeByLong = operator(
  z.strictObject({ long_size: pixels }),
  ({ steps }: Target, { long_size: long }) => {
    steps.push({ step: 'resize', to: { rule: 'long', long }, method: 'linear' })
  },
)

/** A side that is longer stays as it is. */
const padOfSegmenter = operator(
  z.strictObject({
    target_size: sides,
    im_padding_value: triple.optional(),
    label_padding_value: z.unknown().optional(),
  }),
  (target: Target, { target_size, im_padding_value: fill = grey }) => {
    const size = checked(widthFirst(target_size))
    target.steps.push({ step: 'pad', to: { atLeast: size }, fill: ofRgb(fill, target) })
  },
)

/** Zeros, to a size or up to a multiple. */
const padOfDetector = operator(
  z.strictObject({ coarsest_stride: pixels.optional(), target_size: sides.nullish() }),
  ({ steps }: Target, { coarsest_stride: multipleOf = 1, target_size }) => {
    const to = target_size == null ? { multipleOf } : checked(widthFirst(target_size))
    steps.push({ step: 'pad', to, fill: 0 })
  },
)

/** The transforms of each type of model: `cls_transforms.py`, `det_transforms.py` and `seg_transforms.py`. */
const operatorsOf: Readonly<Record<PaddleXModel['type'], Operators>> = {
  classifier: {
    ResizeByShort: resizeByShortWith({ short: 256, long: -1 }, 'linear'),
    CenterCrop,
    Normalize: normalizeWith(imageNet),
  },
  detector: {
    Resize: resizeWith(608),
    ResizeByShort: resizeByShortWith({ short: 800, long: 1333 }, 'linear'),
    Padding: padOfDetector,
    Normalize: normalizeWith(imageNet),
  },
  segmenter: {
    Resize: resizeWith(),
    ResizeByLong,
    ResizeByShort: resizeByShortWith({ short: 800, long: 1333 }, 'nearest'),
    Padding: padOfSegmenter,
    Normalize: normalizeWith({ mean: half, std: half }),
  },
}

/**
 * Applies the transforms of PaddleX 1 in order, on float32 pixels.
 *
 * @throws ConfigMismatch, ZodError
 */
export function paddleX1Preprocessing(
  { type, channels }: PaddleXModel,
  operators: readonly RawOperator[],
): Preprocessing {
  const target: Target = { channels, steps: [] }
  for (const raw of operators) knownOperator(raw.name, operatorsOf[type])(target, raw)
  return {
    ...{ decode: 'opencv', channels, steps: [], normalise: asItIs, padding: [], planes: 3 },
    floatSteps: target.steps,
  }
}

import { z } from 'zod'
import { UnsupportedConfig } from '../config-errors.js'
import type { RawOperator } from '../operator-list.js'
import type { PaddleXModel } from '../paddlex-model.js'
import type { Preprocessing, Resampling } from '../preprocessing.js'
import {
  draftOf,
  heightFirst,
  imageNet,
  openCvByName,
  operator,
  pixels,
  sides,
  triple,
  type Operator,
} from './operator.js'
import { checkLevels, normalizeParameters } from './paddlex-levels.js'
import type { Draft } from './preprocessing-builder.js'

function openCv(name: string, interp = 'LINEAR'): Resampling {
  return { library: 'opencv', method: openCvByName(name, interp) }
}

const interp = z.string().optional()

const Resize = operator(
  z.strictObject({ target_size: sides, interp, keep_ratio: z.boolean().optional() }),
  (draft: Draft, { target_size, keep_ratio = false, ...given }) => {
    const size = heightFirst(target_size)
    const to = keep_ratio ? { fit: size } : ({ ...size, by: 'size' } as const)
    draft.addStep({ step: 'resize', to, resampling: openCv('Resize', given.interp) })
  },
)

/** `max_size` of 0 or less is no limit. */
const ResizeByShort = operator(
  z.strictObject({ short_size: pixels.optional(), max_size: z.int().optional(), interp }),
  (draft: Draft, { short_size: short = 256, max_size: long = -1, ...given }) => {
    const to = long > 0 ? ({ short, long, by: 'size' } as const) : ({ short, fraction: 'round' } as const)
    draft.addStep({ step: 'resize', to, resampling: openCv('ResizeByShort', given.interp) })
  },
)

const ResizeByLong = operator(
  z.strictObject({ long_size: pixels.optional(), interp }),
  (draft: Draft, { long_size: long = 256, ...given }) => {
    const to = { fit: { width: long, height: long } }
    draft.addStep({ step: 'resize', to, resampling: openCv('ResizeByLong', given.interp) })
  },
)

const CenterCrop = operator(
  z.strictObject({ crop_size: pixels.optional() }),
  (draft: Draft, { crop_size: side = 224 }) => {
    draft.addStep({ step: 'crop', size: { width: side, height: side } })
  },
)

/** PaddleX ignores `is_scale`. */
const Normalize = operator(
  z.strictObject({
    ...normalizeParameters,
    is_scale: z.boolean().optional(),
  }),
  (draft: Draft, { mean, std, min_val = [0, 0, 0], max_val = [255, 255, 255] }) => {
    const deepest = Math.max(...max_val)
    if (min_val.some((value) => value !== 0) || max_val.some((value) => value !== deepest))
      throw new UnsupportedConfig(
        'Normalize has a min_val other than 0, or a max_val that is not the same for all channels',
      )
    checkLevels(min_val, max_val)
    draft.setNormalisation({ scale: 1 / deepest, mean: mean ?? imageNet.mean, std: std ?? imageNet.std })
  },
)

const Padding = operator(
  z.strictObject({
    target_size: sides.nullish(),
    pad_mode: z.union([z.literal(-1), z.literal(0), z.literal(1), z.literal(2)]).optional(),
    offsets: z.unknown().optional(),
    im_padding_value: z.union([z.number(), triple], { error: 'expected one number or three' }).optional(),
    label_padding_value: z.unknown().optional(),
    size_divisor: pixels.optional(),
  }),
  (draft: Draft, { target_size, pad_mode = 0, im_padding_value: fill = 127.5, size_divisor = 32 }) => {
    if (pad_mode !== 0)
      throw new UnsupportedConfig(
        `Padding has the pad_mode ${pad_mode}, but only 0, padding at the right and bottom, is supported`,
      )
    const to = target_size == null ? { multipleOf: size_divisor } : heightFirst(target_size)
    draft.addPadding(to, typeof fill === 'number' ? [fill, fill, fill] : fill, false)
  },
)

/** The transforms of `paddlex/cv/transforms/operators.py`, but for those of training. */
const operators2: Readonly<Record<string, Operator>> = {
  ...{ Resize, ResizeByShort, ResizeByLong, CenterCrop, Normalize, Padding },
}

/**
 * Applies the transforms of PaddleX 2 in order: in 8 bits until they are normalised.
 *
 * @throws ConfigMismatch, ZodError
 */
export function paddleX2Preprocessing(
  { stride }: PaddleXModel,
  operators: readonly RawOperator[],
): Preprocessing {
  const draft = draftOf(operators, operators2)
  if (stride !== undefined) draft.addPadding({ multipleOf: stride }, [0, 0, 0], false)
  draft.setPlanar()
  return draft.finish('')
}

import { z } from 'zod'
import { describeZodIssue, expecting, UnsupportedConfig } from '../config-errors.js'
import { labelList, type ParsedPostProcess } from './class-names.js'
import { checkClasses, paddleXBoxes, paddleXShape } from './paddlex-boxes.js'

/** The outputs other than upright boxes, with the families of networks by PaddleDetection's names. */
const otherAnswers: readonly (readonly [string, readonly string[]])[] = [
  ['key points', ['HRNet', 'METRO_Body']],
  ['tracks', ['JDE', 'FairMOT', 'DeepSORT', 'ByteTrack', 'CenterTrack']],
  ['masks of objects', ['SOLOv2']],
  ['rotated boxes', ['S2ANet']],
  ['lanes', ['CLRNet']],
  ['attributes or actions', ['StrongBaseline', 'PPLCNet', 'PPHGNet', 'STGCN']],
]

const detectionSchema = z.looseObject({
  arch: z.string().nullish(),
  draw_threshold: z
    .union([z.number(), z.record(z.string(), z.number())], {
      error: expecting('a number or a mapping of classes'),
    })
    .nullish(),
  label_list: labelList.nullish(),
  mask: z.boolean().nullish(),
  /** Written before 2.0. */
  mask_resolution: z.unknown().optional(),
  tracker: z.unknown().optional(),
  ...paddleXShape,
})

/** PaddleX's threshold of a class that a mapping does not name. */
const usualThreshold = 0.5

/** @throws UnsupportedConfig, ZodError */
export function parseDetectionConfig(content: unknown): ParsedPostProcess {
  const parsed = detectionSchema.parse(content, { error: describeZodIssue })
  const { arch, draw_threshold, label_list, mask, tracker } = parsed
  if (mask === true || parsed.mask_resolution != null) {
    const key = mask === true ? 'mask: true' : 'mask_resolution'
    throw new UnsupportedConfig(`its network outputs masks of objects (${key}), but only boxes are supported`)
  }
  if (tracker != null)
    throw new UnsupportedConfig('its network tracks objects (tracker), but only boxes are supported')
  const [answers] =
    otherAnswers.find(([, families]) => families.some((family) => arch?.includes(family))) ?? []
  if (answers !== undefined) {
    throw new UnsupportedConfig(
      `its network outputs ${answers} (arch: ${arch ?? ''}), but only boxes are supported`,
    )
  }
  const paddleX = paddleXBoxes(parsed)
  return {
    postProcess: {
      kind: 'boxes',
      ...(draw_threshold != null && thresholdsOf(draw_threshold)),
      ...(arch != null && { arch }),
      ...(paddleX && { paddleX }),
    },
    ...(label_list && label_list.length > 0 && { labels: label_list }),
  }
}

function thresholdsOf(given: number | Readonly<Record<string, number>>): {
  threshold: number
  ofClass?: Readonly<Record<number, number>>
} {
  if (typeof given === 'number') return { threshold: given }
  checkClasses('draw_threshold', given)
  return { threshold: usualThreshold, ofClass: given }
}

import { z } from 'zod'
import { describeZodIssue, UnsupportedConfig } from '../config-errors.js'
import { labelList, type ParsedPostProcess } from './class-names.js'

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
  draw_threshold: z.number().nullish(),
  label_list: labelList.nullish(),
  mask: z.boolean().nullish(),
  /** Written before 2.0. */
  mask_resolution: z.unknown().optional(),
  tracker: z.unknown().optional(),
  layout_nms: z.unknown().optional(),
  layout_unclip_ratio: z.unknown().optional(),
  layout_merge_bboxes_mode: z.unknown().optional(),
})

const layout = ['layout_nms', 'layout_unclip_ratio', 'layout_merge_bboxes_mode'] as const

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
  const merging = layout.find((name) => parsed[name] != null && parsed[name] !== false)
  if (merging !== undefined) throw new UnsupportedConfig(`it requires ${merging}, which is not supported`)
  return {
    postProcess: {
      kind: 'boxes',
      ...(draw_threshold != null && { threshold: draw_threshold }),
      ...(arch != null && { arch }),
    },
    ...(label_list && label_list.length > 0 && { labels: label_list }),
  }
}

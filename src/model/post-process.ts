import { z } from 'zod'
import { ConfigMismatch, describeZodIssue, expecting } from './config-errors.js'
import type { PostProcess } from './model-config.js'

/** How the outputs are read, and where the names of the classes come from. */
export interface ParsedPostProcess {
  readonly postProcess?: PostProcess
  readonly labels?: readonly string[]
  /** The file of the names, as written in the configuration. */
  readonly labelsFile?: string
  /** Separates number and name in that file. */
  readonly delimiter?: string
}

/** YAML reads names such as `7` and `yes` as other types. */
const label = z.union([z.string(), z.number(), z.boolean()], { error: expecting('a name') }).transform(String)

const labelList = z.array(label)

const named = {
  label_list: labelList.nullish(),
  class_id_map_file: z.string().nullish(),
  delimiter: z.string().min(1).nullish(),
}

const schemas = {
  Topk: z.strictObject({ topk: z.int().positive().nullish(), ...named }),
  ThreshOutput: z.strictObject({
    threshold: z.number().nullish(),
    label_0: label.nullish(),
    label_1: label.nullish(),
    default_label_index: z.int().nullish(),
    ...named,
  }),
  MultiLabelThreshOutput: z.strictObject({ threshold: z.number().nullish(), ...named }),
  NormalizeFeatures: z.strictObject({}),
}

/** @throws ConfigMismatch, ZodError */
export function parsePostProcess(postProcess: unknown): ParsedPostProcess {
  const { main_indicator: main, ...operators } = z
    .looseObject({})
    .parse(postProcess, { error: describeZodIssue })
  const [name, ...others] = Object.keys(operators)
  if (name === undefined) return {}
  const known = Object.keys(schemas).join(', ')
  const unknown = [name, ...others].find((candidate) => !Object.hasOwn(schemas, candidate))
  if (unknown === 'name') {
    throw new ConfigMismatch(`PostProcess is ${String(operators['name'])}, but only ${known} are supported`)
  }
  if (unknown !== undefined) {
    throw new ConfigMismatch(`the operator ${unknown} of PostProcess is unknown, known are ${known}`)
  }
  const [other] = others
  if (other !== undefined)
    throw new ConfigMismatch(`PostProcess has both ${name} and ${other}, but only one is allowed`)
  if (main != null && main !== name)
    throw new ConfigMismatch(
      `PostProcess has the main_indicator ${JSON.stringify(main)}, but no such operator`,
    )
  const at = { [name]: operators[name] ?? {} }
  if (name === 'Topk') {
    const { topk, ...names } = parse('Topk', at)
    return { postProcess: { kind: 'best', ...(topk != null && { topK: topk }) }, ...labelsOf(names) }
  }
  if (name === 'ThreshOutput') {
    const { threshold, label_0, label_1 } = parse('ThreshOutput', at)
    return {
      postProcess: { kind: 'either', threshold: threshold ?? 0, labels: [label_0 ?? '0', label_1 ?? '1'] },
    }
  }
  if (name === 'NormalizeFeatures') {
    parse('NormalizeFeatures', at)
    return { postProcess: { kind: 'features' } }
  }
  const { threshold, ...names } = parse('MultiLabelThreshOutput', at)
  return { postProcess: { kind: 'several', threshold: threshold ?? 0.5 }, ...labelsOf(names) }
}

function parse<Name extends keyof typeof schemas>(
  name: Name,
  given: Readonly<Record<string, unknown>>,
): z.infer<(typeof schemas)[Name]> {
  const { PostProcess } = z
    .object({ PostProcess: z.object({ [name]: schemas[name] }) })
    .parse({ PostProcess: given }, { error: describeZodIssue })
  return PostProcess[name] as z.infer<(typeof schemas)[Name]>
}

/** A list in the configuration takes precedence over a separate file. */
function labelsOf({
  label_list,
  class_id_map_file,
  delimiter,
}: {
  readonly [Name in keyof typeof named]?: z.infer<(typeof named)[Name]> | undefined
}): Omit<ParsedPostProcess, 'postProcess'> {
  if (label_list && label_list.length > 0) return { labels: label_list }
  if (class_id_map_file == null) return {}
  return { labelsFile: class_id_map_file, ...(delimiter != null && { delimiter }) }
}

const segmentationSchema = z.looseObject({
  label_list: labelList.nullish(),
  PostProcess: z.strictObject(named).nullish(),
})

/** @throws ConfigMismatch, ZodError */
export function parseSegmentationConfig(content: unknown): ParsedPostProcess {
  const { label_list, PostProcess } = segmentationSchema.parse(content, { error: describeZodIssue })
  return {
    postProcess: { kind: 'segments' },
    ...labelsOf({ ...PostProcess, ...(label_list && { label_list }) }),
  }
}

/** The outputs other than upright boxes, with the families of networks by PaddleDetection's names. */
const otherAnswers: readonly (readonly [string, readonly string[]])[] = [
  ['key points', ['HRNet', 'METRO_Body']],
  ['tracks', ['JDE', 'FairMOT', 'DeepSORT', 'ByteTrack', 'CenterTrack']],
  ['masks', ['SOLOv2']],
  ['rotated boxes', ['S2ANet']],
  ['lanes', ['CLRNet']],
  ['attributes or actions', ['StrongBaseline', 'PPLCNet', 'PPHGNet', 'STGCN']],
]

const detectionSchema = z.looseObject({
  arch: z.string().nullish(),
  draw_threshold: z.number().nullish(),
  label_list: labelList.nullish(),
  mask: z.boolean().nullish(),
  tracker: z.unknown().optional(),
  layout_nms: z.unknown().optional(),
  layout_unclip_ratio: z.unknown().optional(),
  layout_merge_bboxes_mode: z.unknown().optional(),
})

const layout = ['layout_nms', 'layout_unclip_ratio', 'layout_merge_bboxes_mode'] as const

/** @throws ConfigMismatch, ZodError */
export function parseDetectionConfig(content: unknown): ParsedPostProcess {
  const parsed = detectionSchema.parse(content, { error: describeZodIssue })
  const { arch, draw_threshold, label_list, mask, tracker } = parsed
  if (mask === true)
    throw new ConfigMismatch('its network outputs masks (mask: true), but only boxes are supported')
  if (tracker != null)
    throw new ConfigMismatch('its network tracks objects (tracker), but only boxes are supported')
  const [answers] =
    otherAnswers.find(([, families]) => families.some((family) => arch?.includes(family))) ?? []
  if (answers !== undefined) {
    throw new ConfigMismatch(
      `its network outputs ${answers} (arch: ${arch ?? ''}), but only boxes are supported`,
    )
  }
  const merging = layout.find((name) => parsed[name] != null && parsed[name] !== false)
  if (merging !== undefined) throw new ConfigMismatch(`it requires ${merging}, which is not supported`)
  return {
    postProcess: {
      kind: 'boxes',
      ...(draw_threshold != null && { threshold: draw_threshold }),
      ...(arch != null && { arch }),
    },
    ...(label_list && label_list.length > 0 && { labels: label_list }),
  }
}

import { z } from 'zod'
import { ConfigMismatch, expecting } from '../config-errors.js'
import type { PaddleXBoxes } from '../model-config.js'

/** Python takes these for absent, as it does null. */
const absent = z
  .union([z.literal(false), z.literal(0), z.tuple([]), z.strictObject({})])
  .transform(() => undefined)

const factors = z.tuple([z.number().positive(), z.number().positive()])

const both = z
  .number()
  .positive()
  .transform((factor) => [factor, factor] as const)

const merging = z.enum(['union', 'large', 'small'])

/** The keys of a file that only PaddleX reads. */
export const paddleXShape = {
  Global: z.looseObject({ model_name: z.string().nullish() }).nullish(),
  layout_nms: z.boolean().nullish(),
  layout_unclip_ratio: z
    .union([absent, both, factors, z.record(z.string(), factors)], {
      error: expecting('a number, a list of two or a mapping of classes'),
    })
    .nullish(),
  layout_merge_bboxes_mode: z
    .union([absent, merging, z.record(z.string(), merging)], {
      error: expecting('union, large or small, or a mapping of classes'),
    })
    .nullish(),
}

type PaddleXKeys = z.infer<z.ZodObject<typeof paddleXShape>>

/** The models of PaddleX's module `layout_analysis`. */
const layoutAnalysis = /PP-DocLayoutV[23]/

/**
 * How PaddleX 3.7 post-processes boxes (`paddlex/inference/models/object_detection`); undefined for a file that it
 * did not write.
 *
 * @throws ConfigMismatch for keys that are not numbers of classes
 */
export function paddleXBoxes(content: PaddleXKeys): PaddleXBoxes | undefined {
  const { layout_nms: nms, layout_unclip_ratio: unclip, layout_merge_bboxes_mode: merge } = content
  const name = content.Global?.model_name
  const keys = ['layout_nms', 'layout_unclip_ratio', 'layout_merge_bboxes_mode'] as const
  if (name == null && !keys.some((key) => key in content)) return undefined
  checkClasses('layout_unclip_ratio', unclip)
  checkClasses('layout_merge_bboxes_mode', merge)
  return {
    ...(nms === true && { layoutNms: true }),
    ...(merge != null && { layoutMerge: merge }),
    ...(unclip != null && { layoutUnclip: unclip }),
    ...(name != null && layoutAnalysis.test(name) && { isLayoutAnalysis: true }),
  }
}

/** @throws ConfigMismatch if a value is a mapping whose keys are not the numbers of classes */
export function checkClasses(key: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  const other = Object.keys(value).find((name) => !/^\d{1,6}$/.test(name))
  if (other !== undefined) throw new ConfigMismatch(`${key} has ${other}, which is not the number of a class`)
}

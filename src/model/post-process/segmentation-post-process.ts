import { z } from 'zod'
import { describeZodIssue } from '../config-errors.js'
import { labelList, labelsOf, named, type ParsedPostProcess } from './class-names.js'

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

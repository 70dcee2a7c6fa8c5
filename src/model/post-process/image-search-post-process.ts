import { z } from 'zod'
import { ConfigMismatch, describeZodIssue } from '../config-errors.js'
import { labelList, type ParsedPostProcess } from './class-names.js'
import { parsePostProcess } from './paddle-clas-post-process.js'

const mainbodySchema = z.looseObject({
  Global: z.looseObject({
    threshold: z.number().nullish(),
    max_det_results: z.int().positive().nullish(),
    label_list: labelList.nullish(),
  }),
})

/**
 * Reads how PaddleClas' `deploy/python/predict_det.py` post-processes the boxes of a detector for image search.
 *
 * @throws ConfigMismatch, ZodError
 */
export function parseMainbodyConfig(content: unknown): ParsedPostProcess {
  const { Global } = mainbodySchema.parse(content, { error: describeZodIssue })
  const { threshold, max_det_results, label_list } = Global
  return {
    postProcess: {
      kind: 'boxes',
      ...(threshold != null && { threshold }),
      ...(max_det_results != null && { most: max_det_results }),
      keepsThreshold: true,
    },
    ...(label_list && label_list.length > 0 && { labels: label_list }),
  }
}

/**
 * Reads how PaddleClas' `deploy/python/predict_rec.py` post-processes the vectors of a feature model: it
 * normalises them, and applies `RecPostProcess`.
 *
 * @throws ConfigMismatch, ZodError
 */
export function parseFeaturesConfig(content: Readonly<Record<string, unknown>>): ParsedPostProcess {
  const given = content['RecPostProcess']
  const parsed = given == null ? {} : parsePostProcess(given, 'RecPostProcess')
  const { postProcess = { kind: 'features' } } = parsed
  if (postProcess.kind !== 'features')
    throw new ConfigMismatch('RecPostProcess reads the vector of a feature model as classes or attributes')
  return { postProcess }
}

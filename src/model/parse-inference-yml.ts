import { parse } from 'yaml'
import { z } from 'zod'
import { messageOf, type PaddleError } from '../errors.js'
import { invalidYml } from './invalid-yml.js'
import type { Preprocessing } from './preprocessing.js'
import { toPreprocessing } from './transform-ops.js'
import { UnfitConfig } from './unfit-config.js'

/** What an `inference.yml` says; where the names of the classes are not in it, the file that has them. */
export interface ParsedYml {
  readonly preprocessing?: Preprocessing
  readonly topk?: z.infer<typeof topkSchema> | undefined
}

const topkSchema = z
  .strictObject({
    topk: z.int().positive().optional(),
    label_list: z.array(z.union([z.string(), z.number(), z.boolean()]).transform(String)).nullish(),
    class_id_map_file: z.string().nullish(),
  })
  .nullable()

const fileSchema = z.looseObject({
  PreProcess: z.strictObject({ transform_ops: z.array(z.unknown()).nullish() }).nullish(),
  PostProcess: z.looseObject({ Topk: topkSchema.optional() }).nullish(),
})

/** @throws PaddleError MODEL_CONFIG_INVALID */
export function parseInferenceYml(file: string, text: string): ParsedYml {
  try {
    const { PreProcess, PostProcess } = fileSchema.parse(parse(text))
    const unknown = Object.keys(PostProcess ?? {}).find((name) => name !== 'Topk')
    if (unknown !== undefined) {
      throw new UnfitConfig(`the operator ${unknown} of PostProcess is unknown, known is Topk`)
    }
    return {
      ...(PreProcess?.transform_ops && { preprocessing: toPreprocessing(PreProcess.transform_ops) }),
      topk: PostProcess?.Topk,
    }
  } catch (error) {
    throw describeError(file, error)
  }
}

function describeError(file: string, error: unknown): PaddleError {
  if (error instanceof UnfitConfig) return invalidYml(file, error.message, error)
  if (error instanceof z.ZodError) return invalidYml(file, firstIssue(error), error)
  const [line = ''] = messageOf(error).split('\n')
  return invalidYml(file, line.replace(/[.:]$/, ''), error)
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  const steps = issue?.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)) ?? []
  const path = steps.join('').replace(/^\./, '')
  return `${path === '' ? 'the file' : path}: ${issue?.message ?? 'not valid'}`
}


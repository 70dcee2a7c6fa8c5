import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { codeOf, messageOf, PaddleError } from '../errors.js'
import { readLabels } from './labels.js'
import type { ModelFiles } from './locate-model.js'
import type { Preprocessing } from './preprocessing.js'
import { toPreprocessing } from './transform-ops.js'
import { UnfitConfig } from './unfit-config.js'

/** What an `inference.yml` says. */
export interface InferenceYml {
  /** How to feed the model; left out where the file does not say it. */
  readonly preprocessing?: Preprocessing
  /** How many of the best classes to tell. */
  readonly topK?: number
  /** The names of the classes; `''` for a class without. */
  readonly labels?: readonly string[]
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

/**
 * Reads the `inference.yml` (PaddleX 3, PaddleClas) beside a model, if there is one.
 *
 * @throws PaddleError MODEL_CONFIG_INVALID for a file that is not valid, or asks for what is not known here; LABELS_INVALID
 */
export async function readInferenceYml(files: ModelFiles): Promise<InferenceYml | undefined> {
  const folder =
    files.format === '__model__' && files.params === undefined ? files.program : dirname(files.program)
  const file = join(folder, 'inference.yml')
  const text = await readText(file)
  if (text === undefined) return undefined
  const { PreProcess, PostProcess } = parsed(file, text)
  const unknown = Object.keys(PostProcess ?? {}).find((name) => name !== 'Topk')
  if (unknown !== undefined) {
    throw invalid(file, `the operator ${unknown} of PostProcess is unknown, known is Topk`)
  }
  const topk = PostProcess?.Topk
  return {
    ...(PreProcess?.transform_ops && { preprocessing: withFile(file, PreProcess.transform_ops) }),
    ...(topk?.topk !== undefined && { topK: topk.topk }),
    ...(await labelsOf(folder, topk)),
  }
}

async function labelsOf(
  folder: string,
  topk: z.infer<typeof topkSchema> | undefined,
): Promise<Pick<InferenceYml, 'labels'>> {
  if (topk?.label_list) return { labels: topk.label_list }
  if (topk?.class_id_map_file) return { labels: await readLabels(resolve(folder, topk.class_id_map_file)) }
  return {}
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
    throw invalid(file, `it cannot be read (${codeOf(error) ?? 'unknown error'})`, error)
  }
}

function parsed(file: string, text: string): z.infer<typeof fileSchema> {
  try {
    return fileSchema.parse(parse(text))
  } catch (error) {
    throw describeError(file, error)
  }
}

function withFile(file: string, operators: readonly unknown[]): Preprocessing {
  try {
    return toPreprocessing(operators)
  } catch (error) {
    throw describeError(file, error)
  }
}

function describeError(file: string, error: unknown): unknown {
  if (error instanceof UnfitConfig) return invalid(file, error.message, error)
  if (error instanceof z.ZodError) return invalid(file, firstIssue(error), error)
  const [line = ''] = messageOf(error).split('\n')
  return invalid(file, line.replace(/[.:]$/, ''), error)
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  const steps = issue?.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)) ?? []
  const path = steps.join('').replace(/^\./, '')
  return `${path === '' ? 'the file' : path}: ${issue?.message ?? 'not valid'}`
}

function invalid(file: string, what: string, cause?: unknown): PaddleError {
  const message = `${file} is not valid: ${what}.\nCorrect the file, or remove it and give the sizes yourself.`
  return new PaddleError('MODEL_CONFIG_INVALID', message, { cause })
}

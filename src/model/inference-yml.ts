import { readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { codeOf, PaddleError } from '../errors.js'
import { invalidYml } from './invalid-yml.js'
import { readLabels } from './labels.js'
import type { ModelFiles } from './locate-model.js'
import type { ParsedYml } from './parse-inference-yml.js'
import type { Preprocessing } from './preprocessing.js'

/** One that names twenty thousand classes has a megabyte. */
const mostBytes = 8 * 2 ** 20

/** What an `inference.yml` says. */
export interface InferenceYml {
  /** How to feed the model; left out where the file does not say it. */
  readonly preprocessing?: Preprocessing
  /** How many of the best classes to tell. */
  readonly topK?: number
  /** The names of the classes; `''` for a class without. */
  readonly labels?: readonly string[]
}

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
  // Not loaded where there is none: it takes long.
  const { parseInferenceYml } = await import('./parse-inference-yml.js')
  const { preprocessing, topk } = parseInferenceYml(file, text)
  return {
    ...(preprocessing && { preprocessing }),
    ...(topk?.topk !== undefined && { topK: topk.topk }),
    ...(await labelsOf(folder, topk)),
  }
}

async function labelsOf(
  folder: string,
  topk: ParsedYml['topk'],
): Promise<Pick<InferenceYml, 'labels'>> {
  if (topk?.label_list) return { labels: topk.label_list }
  if (topk?.class_id_map_file) return { labels: await readLabels(resolve(folder, topk.class_id_map_file)) }
  return {}
}

async function readText(file: string): Promise<string | undefined> {
  try {
    const kind = await stat(file)
    if (!kind.isFile()) throw invalidYml(file, 'it is not a file')
    if (kind.size > mostBytes) throw invalidYml(file, `it has ${kind.size} bytes, and ${mostBytes} are the most`)
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof PaddleError) throw error
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
    throw invalidYml(file, `it cannot be read (${codeOf(error) ?? 'unknown error'})`, error)
  }
}

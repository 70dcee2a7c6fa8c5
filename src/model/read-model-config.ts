import { resolve } from 'node:path'
import { PaddleError } from '../errors.js'
import { wording } from '../wording.js'
import { findConfigFile, type ConfigFile } from './config-file.js'
import { readLabels } from './labels.js'
import type { ModelConfig } from './model-config.js'
import type { ModelFiles } from './model-files.js'
import type { RawOperator } from './operator-list.js'
import type { ParsedPostProcess } from './post-process.js'

/**
 * Reads the `inference.yml` (PaddleClas, PaddleX 3) or else the `infer_cfg.yml` (PaddleDetection) beside a model, if there is one.
 *
 * What is wrong with how the file has answers read, or with the file of names that it points to, is thrown by `reading` and `labels`
 * where they are asked for: whoever only feeds the model can do without them.
 *
 * @throws PaddleError MODEL_CONFIG_INVALID for a file that is not valid, or feeds the model as is not done here
 */
export async function readModelConfig(files: ModelFiles): Promise<ModelConfig | undefined> {
  const found = await findConfigFile(files)
  if (!found) return undefined
  // Not loaded where there is none: it takes long.
  const { parseConfig } = await import('./parse-config.js')
  const { preprocessing, parsePostProcess } = parseConfig(found)
  const parsed = await settled(() => parsePostProcess())
  const labels = await settled(async () => labelsOf(found, parsed()))
  return {
    file: found.file,
    ...(preprocessing && { preprocessing }),
    get postProcess() {
      return parsed().postProcess
    },
    get labels() {
      return labels()
    },
  }
}

/** The operators of such a file as they stand there, for who does them with other means. */
export interface RawConfig {
  readonly file: string
  /** Whose form they have: that of PaddleClas, or that of PaddleDetection, which PaddleX also writes into an `inference.yml`. */
  readonly kind: 'inference.yml' | 'infer_cfg.yml'
  /** In their order. */
  readonly operators: readonly RawOperator[]
}

/**
 * The operators that prepare images for a model, unchecked; undefined where no file lists any.
 *
 * @throws PaddleError MODEL_CONFIG_INVALID for a file that is not valid
 */
export async function readOperators(files: ModelFiles): Promise<RawConfig | undefined> {
  const found = await findConfigFile(files)
  if (!found) return undefined
  const { parseOperators } = await import('./parse-config.js')
  const list = parseOperators(found)
  if (!list) return undefined
  const kind = list.form === 'PreProcess' ? 'inference.yml' : 'infer_cfg.yml'
  return { file: found.file, kind, operators: list.operators }
}

async function labelsOf(
  { folder, file }: ConfigFile,
  { labels, labelsFile, delimiter }: ParsedPostProcess,
): Promise<readonly string[] | undefined> {
  if (labels) return labels
  if (labelsFile === undefined) return undefined
  try {
    return await readLabels(resolve(folder, labelsFile), delimiter)
  } catch (cause) {
    if (!(cause instanceof PaddleError)) throw cause
    const what = `${cause.shortMessage} ${file} takes the names of the classes from there.`
    const advice = wording`Put them there, or give others: ${{ option: 'labels' }}.`
    throw new PaddleError(cause.code, what, { cause, advice })
  }
}

/** Does it now, and gives the result or throws the error when it is called. */
async function settled<T>(work: () => T | Promise<T>): Promise<() => T> {
  try {
    const value = await work()
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}

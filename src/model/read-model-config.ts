import { resolve } from 'node:path'
import { PaddleError } from '../errors.js'
import { wording } from '../wording.js'
import {
  configFiles,
  UnfitFile,
  type ConfigFile,
  type configFileNames,
  type OnNotUtf8,
} from './config-file.js'
import { readLabels } from './labels.js'
import type { ModelConfig } from './model-config.js'
import type { ModelFiles } from './model-files.js'
import type { ConfigSection, OperatorList, PaddleXForm, RawOperator } from './operator-list.js'
import type { ParsedConfig } from './parse-config.js'
import type { ParsedPostProcess } from './post-process/class-names.js'

/** How to read the file of a model. */
interface ConfigReading {
  /** Which section of a file for two models to read. @default the one that names the folder */
  readonly section?: ConfigSection | undefined
  readonly onNotUtf8?: OnNotUtf8 | undefined
}

/**
 * Reads the first of `inference.yml` (PaddleClas, PaddleX 3), `infer_cfg.yml` (PaddleDetection), `deploy.yaml`
 * (PaddleSeg) and `model.yml` (PaddleX 1 and 2) beside a model that describes its preprocessing; if none does,
 * the first one.
 *
 * Errors in the post-processing or in the file of class names are only thrown by `postProcess` and `labels`,
 * so that callers who only feed the model can do without them.
 *
 * @throws PaddleError MODEL_CONFIG_INVALID for a file that is not valid or whose preprocessing is not
 * supported
 */
export async function readModelConfig(
  files: ModelFiles,
  { section, onNotUtf8 }: ConfigReading = {},
): Promise<ModelConfig | undefined> {
  const config = await firstConfig(files, section, onNotUtf8)
  if (!config) return undefined
  const { found, preprocessing, parsePostProcess } = config
  const parsed = await settled(() => parsePostProcess())
  const labels = await settled(async () => labelsOf(found, parsed(), onNotUtf8))
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

async function firstConfig(
  files: ModelFiles,
  section?: ConfigSection,
  onNotUtf8?: OnNotUtf8,
): Promise<(ParsedConfig & { readonly found: ConfigFile }) | undefined> {
  let first: (ParsedConfig & { readonly found: ConfigFile }) | undefined
  for await (const found of configFiles(files, onNotUtf8)) {
    // Loaded only when needed: the import is slow.
    const { parseConfig } = await import('./parse-config.js')
    const config = { ...parseConfig(found, section), found }
    if (config.preprocessing) return config
    first ??= config
  }
  return first
}

/** How plain Python applies operators: by the rules of a framework's file. */
type ConfigKind = Exclude<(typeof configFileNames)[number], 'model.yml'> | 'DetPreProcess' | PaddleXForm

const kinds: Readonly<Record<OperatorList['form'], ConfigKind>> = {
  PreProcess: 'inference.yml',
  RecPreProcess: 'inference.yml',
  Preprocess: 'infer_cfg.yml',
  DetPreProcess: 'DetPreProcess',
  'PaddleX 1 classifier': 'PaddleX 1 classifier',
  'PaddleX 1 detector': 'PaddleX 1 detector',
  'PaddleX 1 segmenter': 'PaddleX 1 segmenter',
  'PaddleX 2': 'PaddleX 2',
  Deploy: 'deploy.yaml',
}

/** The operators of a configuration as written, for callers who apply them by other means. */
export interface RawConfig {
  readonly file: string
  /**
   * The form of the operators by the file of its framework: PaddleClas, PaddleDetection or PaddleSeg. PaddleX
   * writes each of them into an `inference.yml`.
   */
  readonly kind: ConfigKind
  /** In the order of the file. */
  readonly operators: readonly RawOperator[]
}

/**
 * Reads the preprocessing operators of a model without checking them; undefined if no file lists any.
 *
 * @throws PaddleError MODEL_CONFIG_INVALID for a file that is not valid
 */
export async function readOperators(
  files: ModelFiles,
  section?: ConfigSection,
): Promise<RawConfig | undefined> {
  for await (const found of configFiles(files)) {
    const { parseOperators } = await import('./parse-config.js')
    const list = parseOperators(found, section)
    if (!list) continue
    return { file: found.file, kind: kinds[list.form], operators: list.operators }
  }
  return undefined
}

async function labelsOf(
  { folder, file }: ConfigFile,
  { labels, labelsFile, delimiter }: ParsedPostProcess,
  onNotUtf8?: OnNotUtf8,
): Promise<readonly string[] | undefined> {
  if (labels) return labels
  if (labelsFile === undefined) return undefined
  try {
    return await readLabels(resolve(folder, labelsFile), { delimiter, onNotUtf8 })
  } catch (cause) {
    if (!(cause instanceof PaddleError)) throw cause
    const what = `${cause.shortMessage} ${file} refers to it for the names of the classes.`
    const known = cause.cause instanceof UnfitFile ? cause.cause.advice : undefined
    const advice = known ?? wording`Provide that file, or pass other labels: ${{ option: 'labels' }}.`
    throw new PaddleError(cause.code, what, { cause, advice })
  }
}

/** Runs `work` now; the returned function returns its value or throws its error. */
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

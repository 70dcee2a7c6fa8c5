import { z } from 'zod'
import { shortMessageOf, type PaddleError } from '../errors.js'
import {
  ConfigMismatch,
  configError,
  describeZodIssue,
  invalidConfigError,
  UnsupportedConfig,
} from './config-errors.js'
import type { ConfigFile } from './config-file.js'
import {
  listOperators,
  operatorKeys,
  withImplied,
  type ConfigSection,
  type OperatorList,
} from './operator-list.js'
import { otherModelIn } from './other-models.js'
import { mainbodyOperators, paddleDetectionOperators } from './operators/paddle-detection-ops.js'
import { applyOperators } from './operators/operator.js'
import { toFloatPreprocessing } from './operators/paddle-seg-ops.js'
import { paddleClasOperators } from './operators/paddle-clas-ops.js'
import { paddleX1Preprocessing } from './operators/paddlex-1-ops.js'
import { paddleX2Preprocessing } from './operators/paddlex-2-ops.js'
import type { ParsedPostProcess } from './post-process/class-names.js'
import { parseDetectionConfig } from './post-process/detection-post-process.js'
import { parsePostProcess } from './post-process/paddle-clas-post-process.js'
import { parseFeaturesConfig, parseMainbodyConfig } from './post-process/image-search-post-process.js'
import { parsePaddleXReading } from './post-process/paddlex-post-process.js'
import { parseSegmentationConfig } from './post-process/segmentation-post-process.js'
import type { Preprocessing } from './preprocessing.js'
import { readYaml } from './yaml.js'

/** A parsed configuration. The post-processing is only parsed on request. */
export interface ParsedConfig {
  readonly preprocessing?: Preprocessing
  /** @throws PaddleError MODEL_CONFIG_INVALID */
  readonly parsePostProcess: () => ParsedPostProcess
}

/** @throws PaddleError MODEL_CONFIG_INVALID */
export function parseConfig({ file, folder, text }: ConfigFile, section?: ConfigSection): ParsedConfig {
  return orInvalid(file, () => {
    const content = contentOf(text)
    const list = listOperators(content, { folder, ...(section && { section }) })
    return {
      ...(list && { preprocessing: preprocessingOf(content, list) }),
      parsePostProcess: () => orInvalid(file, () => readingOf(content, list)),
    }
  })
}

/** @throws PaddleError MODEL_CONFIG_INVALID */
export function parseOperators(
  { file, folder, text }: ConfigFile,
  section?: ConfigSection,
): OperatorList | undefined {
  return orInvalid(file, () => {
    const list = listOperators(contentOf(text), { folder, ...(section && { section }) })
    return list?.model ? { ...list, operators: withImplied(list.model, list.operators) } : list
  })
}

const detectionKeys = ['arch', 'draw_threshold', 'label_list', 'mask', 'mask_resolution', 'tracker']

/**
 * The keys of a file that does not describe the input of the model. Any other key is a typo in one that
 * should.
 */
const otherKeys = ['Global', 'PostProcess', 'Hpi']

const feeding: readonly string[] = operatorKeys

function contentOf(text: string): Record<string, unknown> {
  const content = z.looseObject({}).parse(readYaml(text) ?? {}, { error: describeZodIssue })
  const keys = Object.keys(content)
  if (keys.length === 0) throw new ConfigMismatch('it is empty')
  const isFeeding = keys.some((key) => feeding.includes(key))
  if (!isFeeding && 'info_params' in content)
    throw new UnsupportedConfig('it belongs to a model for time series (PaddleX), not for images')
  const slip = keys.find((key) => !otherKeys.includes(key) && !detectionKeys.includes(key))
  if (isFeeding || slip === undefined) return content
  throw new ConfigMismatch(
    `it has ${slip}, but none of ${feeding.join(', ')}, which describe the preprocessing`,
  )
}

/** @throws UnsupportedConfig for a model that no task runs, ConfigMismatch for what is not supported otherwise */
function preprocessingOf(content: Readonly<Record<string, unknown>>, list: OperatorList): Preprocessing {
  const other = otherModelIn(content, list)
  if (other) throw other
  try {
    return toPreprocessing(list)
  } catch (error) {
    // What the model is says more than an operator that such models have, or their order.
    throw (list.form === 'Preprocess' ? refusalOf(content) : undefined) ?? error
  }
}

function refusalOf(content: Readonly<Record<string, unknown>>): UnsupportedConfig | undefined {
  try {
    parseDetectionConfig(content)
    return undefined
  } catch (error) {
    return error instanceof UnsupportedConfig ? error : undefined
  }
}

function toPreprocessing({ form, operators, model }: OperatorList): Preprocessing {
  if (model) {
    const apply = model.generation === 1 ? paddleX1Preprocessing : paddleX2Preprocessing
    return apply(model, operators)
  }
  switch (form) {
    case 'Deploy':
      return toFloatPreprocessing(operators)
    case 'Preprocess':
      return applyOperators(
        operators,
        paddleDetectionOperators,
        'Preprocess lacks Permute, which is required',
      )
    case 'DetPreProcess':
      return applyOperators(operators, mainbodyOperators, 'transform_ops lacks DetPermute, which is required')
    // Those of PaddleX have a model.
    case 'PreProcess':
    case 'RecPreProcess':
    case 'PaddleX 1 classifier':
    case 'PaddleX 1 detector':
    case 'PaddleX 1 segmenter':
    case 'PaddleX 2':
      return applyOperators(
        operators,
        paddleClasOperators,
        'transform_ops lacks ToCHWImage, which is required',
      )
  }
}

function readingOf(
  content: Readonly<Record<string, unknown>>,
  list: OperatorList | undefined,
): ParsedPostProcess {
  if (list?.model) return parsePaddleXReading(list.model, list.operators)
  if (list?.form === 'Deploy') return parseSegmentationConfig(content)
  if (list?.form === 'DetPreProcess') return parseMainbodyConfig(content)
  if (list?.form === 'RecPreProcess') return parseFeaturesConfig(content)
  const { PostProcess } = content
  if (PostProcess != null) return parsePostProcess(PostProcess)
  const isDetection = list?.form === 'Preprocess' || detectionKeys.some((key) => key in content)
  return isDetection ? parseDetectionConfig(content) : {}
}

function orInvalid<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw describeError(file, error)
  }
}

function describeError(file: string, error: unknown): PaddleError {
  if (error instanceof ConfigMismatch) return configError(file, error)
  if (error instanceof z.ZodError) return invalidConfigError(file, firstIssue(error), error)
  const line = shortMessageOf(error)
  return invalidConfigError(file, line.replace(/[.:]$/, ''), error)
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  const steps = issue?.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)) ?? []
  const path = steps.join('').replace(/^\./, '')
  return `${path === '' ? 'the file' : path}: ${issue?.message ?? 'not valid'}`
}

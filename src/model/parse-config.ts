import { z } from 'zod'
import { shortMessageOf, type PaddleError } from '../errors.js'
import { ConfigMismatch, describeZodIssue, invalidConfigError } from './config-errors.js'
import type { ConfigFile } from './config-file.js'
import { listOperators, operatorForms, type OperatorList } from './operator-list.js'
import { paddleDetectionOperators } from './operators/paddle-detection-ops.js'
import { applyOperators } from './operators/operator.js'
import { toFloatPreprocessing } from './operators/paddle-seg-ops.js'
import { paddleClasOperators } from './operators/paddle-clas-ops.js'
import {
  parseDetectionConfig,
  parsePostProcess,
  parseSegmentationConfig,
  type ParsedPostProcess,
} from './post-process.js'
import type { Preprocessing } from './preprocessing.js'
import { readYaml } from './yaml.js'

/** A parsed configuration. The post-processing is only parsed on request. */
export interface ParsedConfig {
  readonly preprocessing?: Preprocessing
  /** @throws PaddleError MODEL_CONFIG_INVALID */
  readonly parsePostProcess: () => ParsedPostProcess
}

/** @throws PaddleError MODEL_CONFIG_INVALID */
export function parseConfig({ file, text }: Pick<ConfigFile, 'file' | 'text'>): ParsedConfig {
  return orInvalid(file, () => {
    const content = contentOf(text)
    const list = listOperators(content)
    return {
      ...(list && { preprocessing: toPreprocessing(list) }),
      parsePostProcess: () => orInvalid(file, () => readingOf(content, list)),
    }
  })
}

/** @throws PaddleError MODEL_CONFIG_INVALID */
export function parseOperators({ file, text }: Pick<ConfigFile, 'file' | 'text'>): OperatorList | undefined {
  return orInvalid(file, () => listOperators(contentOf(text)))
}

const detectionKeys = ['arch', 'draw_threshold', 'label_list', 'mask', 'tracker']

/**
 * The keys of a file that does not describe the input of the model. Any other key is a typo in one that
 * should.
 */
const otherKeys = ['Global', 'PostProcess', 'Hpi']

const forms: readonly string[] = operatorForms

function contentOf(text: string): Record<string, unknown> {
  const content = z.looseObject({}).parse(readYaml(text) ?? {}, { error: describeZodIssue })
  const keys = Object.keys(content)
  if (keys.length === 0) throw new ConfigMismatch('it is empty')
  const isFeeding = keys.some((key) => forms.includes(key))
  const slip = keys.find((key) => !otherKeys.includes(key) && !detectionKeys.includes(key))
  if (isFeeding || slip === undefined) return content
  throw new ConfigMismatch(
    `it has ${slip}, but none of ${forms.join(', ')}, which describe the preprocessing`,
  )
}

function toPreprocessing({ form, operators }: OperatorList): Preprocessing {
  if (form === 'Deploy') return toFloatPreprocessing(operators)
  return form === 'PreProcess'
    ? applyOperators(operators, paddleClasOperators, 'transform_ops lacks ToCHWImage, which is required')
    : applyOperators(operators, paddleDetectionOperators, 'Preprocess lacks Permute, which is required')
}

function readingOf(
  content: Readonly<Record<string, unknown>>,
  list: OperatorList | undefined,
): ParsedPostProcess {
  if (list?.form === 'Deploy') return parseSegmentationConfig(content)
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
  if (error instanceof ConfigMismatch) return invalidConfigError(file, error.message, error)
  if (error instanceof z.ZodError) return invalidConfigError(file, firstIssue(error), error)
  const line = shortMessageOf(error)
  return invalidConfigError(file, line.replace(/[.:]$/, ''), error)
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  const steps = issue?.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)) ?? []
  const path = steps.join('').replace(/^\./, '')
  return `${path === '' ? 'the file' : path}: ${issue?.message ?? 'not valid'}`
}

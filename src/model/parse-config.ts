import { z } from 'zod'
import { shortMessageOf, type PaddleError } from '../errors.js'
import type { ConfigFile } from './config-file.js'
import { inWords } from './in-words.js'
import { invalidYml } from './invalid-yml.js'
import { operatorsIn, type OperatorList } from './operator-list.js'
import { applyOperators } from './operators/operator.js'
import { paddleClasOperators } from './operators/paddle-clas.js'
import { paddleDetectionOperators } from './operators/paddle-detection.js'
import type { Preprocessing } from './preprocessing.js'
import { readDetection, readPostProcess, type ParsedReading } from './reading.js'
import { UnfitConfig } from './unfit-config.js'
import { readYaml } from './yaml-document.js'

/** What a configuration says; how answers are read only where that is asked for. */
export interface ParsedConfig {
  readonly preprocessing?: Preprocessing
  /** @throws PaddleError MODEL_CONFIG_INVALID */
  readonly reading: () => ParsedReading
}

/** @throws PaddleError MODEL_CONFIG_INVALID */
export function parseConfig({ file, text }: Pick<ConfigFile, 'file' | 'text'>): ParsedConfig {
  return orInvalid(file, () => {
    const content = contentOf(text)
    const list = operatorsIn(content)
    return {
      ...(list && { preprocessing: toPreprocessing(list) }),
      reading: () => orInvalid(file, () => readingOf(content, list)),
    }
  })
}

/** @throws PaddleError MODEL_CONFIG_INVALID */
export function parseOperators({ file, text }: Pick<ConfigFile, 'file' | 'text'>): OperatorList | undefined {
  return orInvalid(file, () => operatorsIn(contentOf(text)))
}

const detectionKeys = ['arch', 'draw_threshold', 'label_list', 'mask', 'tracker']

/** What stands at the top of a file that says nothing of feeding the model: any other word is a slip in one that should. */
const otherKeys = ['Global', 'PostProcess', 'Hpi']

function contentOf(text: string): Record<string, unknown> {
  const content = z.looseObject({}).parse(readYaml(text) ?? {}, { error: inWords })
  const keys = Object.keys(content)
  if (keys.length === 0) throw new UnfitConfig('it says nothing')
  const isFeeding = keys.some((key) => key === 'PreProcess' || key === 'Preprocess')
  const slip = keys.find((key) => !otherKeys.includes(key) && !detectionKeys.includes(key))
  if (isFeeding || slip === undefined) return content
  throw new UnfitConfig(`it has ${slip}, but neither PreProcess nor Preprocess, which say how images are fed`)
}

function toPreprocessing({ form, operators }: OperatorList): Preprocessing {
  return form === 'PreProcess'
    ? applyOperators(
        operators,
        paddleClasOperators,
        'transform_ops lacks ToCHWImage, without which nothing is fed',
      )
    : applyOperators(
        operators,
        paddleDetectionOperators,
        'Preprocess lacks Permute, without which nothing is fed',
      )
}

function readingOf(
  content: Readonly<Record<string, unknown>>,
  list: OperatorList | undefined,
): ParsedReading {
  const { PostProcess } = content
  if (PostProcess != null) return readPostProcess(PostProcess)
  const isDetection = list?.form === 'Preprocess' || detectionKeys.some((key) => key in content)
  return isDetection ? readDetection(content) : {}
}

function orInvalid<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw describeError(file, error)
  }
}

function describeError(file: string, error: unknown): PaddleError {
  if (error instanceof UnfitConfig) return invalidYml(file, error.message, error)
  if (error instanceof z.ZodError) return invalidYml(file, firstIssue(error), error)
  const line = shortMessageOf(error)
  return invalidYml(file, line.replace(/[.:]$/, ''), error)
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  const steps = issue?.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)) ?? []
  const path = steps.join('').replace(/^\./, '')
  return `${path === '' ? 'the file' : path}: ${issue?.message ?? 'not valid'}`
}

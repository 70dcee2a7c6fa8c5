import { basename } from 'node:path'
import { z } from 'zod'
import { ConfigMismatch, describeZodIssue, UndecidedSection } from './config-errors.js'
import { readPaddleXModel, type PaddleXModel } from './paddlex-model.js'

/** An operator as written in the file. */
export interface RawOperator {
  readonly name: string
  readonly parameters: Readonly<Record<string, unknown>>
}

/**
 * The keys of lists: PaddleClas' `PreProcess.transform_ops`, PaddleDetection's `Preprocess`, PaddleSeg's
 * `Deploy.transforms`, those of PaddleClas' files for two models, a detector and a feature model (PP-ShiTu), and
 * the `Transforms` of PaddleX 1 and 2.
 */
export const operatorKeys = [
  ...(['PreProcess', 'Preprocess', 'Deploy', 'DetPreProcess', 'RecPreProcess', 'Transforms'] as const),
]

type OperatorKey = (typeof operatorKeys)[number]

/** The transforms of PaddleX 1 depend on the type of the model. */
export type PaddleXForm = `PaddleX 1 ${PaddleXModel['type']}` | 'PaddleX 2'

type OperatorForm = Exclude<OperatorKey, 'Transforms'> | PaddleXForm

/** A section of a file that can describe two models. */
export type ConfigSection = Extract<OperatorForm, 'DetPreProcess' | 'RecPreProcess'>

/** The operators of a file, in order. */
export interface OperatorList {
  readonly form: OperatorForm
  readonly operators: readonly RawOperator[]
  /** What a file of PaddleX 1 or 2 says of its model. */
  readonly model?: PaddleXModel
}

const parameters = z.record(z.string(), z.unknown())

const transformOps = z.strictObject({ transform_ops: z.array(z.unknown()).nullish() }).nullish()

const listSchema = z.looseObject({
  PreProcess: transformOps,
  Preprocess: z.array(z.unknown()).nullish(),
  Deploy: z.looseObject({ transforms: z.array(z.unknown()) }).optional(),
  DetPreProcess: transformOps,
  RecPreProcess: transformOps,
  Transforms: z.array(z.unknown()).nullish(),
})

const global = z.looseObject({
  Global: z
    .looseObject({
      det_inference_model_dir: z.unknown().optional(),
      rec_inference_model_dir: z.unknown().optional(),
    })
    .nullish(),
})

/** Which model a file is read for. */
export interface ReadFor {
  /** The folder of the model. */
  readonly folder: string
  /** The section to read of a file for two models. */
  readonly section?: ConfigSection
}

/**
 * Reads both forms of an operator: `{ Name: { … } }` (PaddleClas, PaddleX) and `{ type: Name, … }`
 * (PaddleDetection, PaddleSeg, PaddleX).
 *
 * @returns undefined for a file without operators
 * @throws ConfigMismatch, ZodError
 */
export function listOperators(content: unknown, reader: ReadFor): OperatorList | undefined {
  const parsed = listSchema.parse(content, { error: describeZodIssue })
  const keys = operatorKeys.filter((name) => parsed[name] != null)
  const form = keys.length > 1 ? chosenSection(content, keys, reader) : keys[0]
  switch (form) {
    case undefined:
      return undefined
    case 'Preprocess':
      return {
        form,
        operators: (parsed.Preprocess ?? [])
          .map(typedIn(form))
          .map((operator) => withFamily(operator, parsed)),
      }
    case 'Deploy':
      return { form, operators: (parsed.Deploy?.transforms ?? []).map(typedIn('Deploy.transforms')) }
    case 'Transforms': {
      const model = readPaddleXModel(content)
      const operators = (parsed.Transforms ?? []).map(namedIn(form))
      return { form: model.generation === 2 ? 'PaddleX 2' : `PaddleX 1 ${model.type}`, operators, model }
    }
    default: {
      const list = parsed[form]?.transform_ops
      return list ? { form, operators: list.map(namedIn(`${form}.transform_ops`)) } : undefined
    }
  }
}

/** @throws ConfigMismatch unless the forms are the sections of a file for two models, and one is this model's */
function chosenSection(
  content: unknown,
  keys: readonly OperatorKey[],
  { folder, section }: ReadFor,
): ConfigSection {
  const [one = '', other = ''] = keys
  if (keys.length > 2 || one !== 'DetPreProcess' || other !== 'RecPreProcess')
    throw new ConfigMismatch(`it has both ${one} and ${other}, but only one is allowed`)
  if (section) return section
  const { Global } = global.parse(content, { error: describeZodIssue })
  const isThis = (path: unknown): boolean => typeof path === 'string' && basename(path) === basename(folder)
  const [isDetector, isFeatures] = [
    isThis(Global?.det_inference_model_dir),
    isThis(Global?.rec_inference_model_dir),
  ]
  if (isDetector !== isFeatures) return isDetector ? 'DetPreProcess' : 'RecPreProcess'
  throw new UndecidedSection('it describes a detector (DetPreProcess) and a feature model (RecPreProcess)')
}

function namedIn(list: string): (operator: unknown, index: number) => RawOperator {
  return (operator, index) => {
    const where = `${list}[${index}]`
    const entries =
      typeof operator === 'string' ? [[operator, null] as const] : Object.entries(asRecord(operator, where))
    const [entry] = entries
    if (entry === undefined || entries.length > 1)
      throw new ConfigMismatch(`${where} is not one operator with its parameters`)
    const [name, given] = entry
    return { name, parameters: given === null ? {} : asRecord(given, name) }
  }
}

function typedIn(list: string): (operator: unknown, index: number) => RawOperator {
  return (operator, index) => {
    const where = `${list}[${index}]`
    const { type: name, ...given } = asRecord(operator, where)
    if (typeof name !== 'string') throw new ConfigMismatch(`${where} does not name its operator (type)`)
    return { name, parameters: given }
  }
}

/** PaddleDetection before 2.0 passes the family of the network to `Resize`, which it can tell by `max_size`. */
function withFamily(operator: RawOperator, { arch }: Readonly<Record<string, unknown>>): RawOperator {
  const { name, parameters: given } = operator
  if (name !== 'Resize' || !('max_size' in given)) return operator
  return { name, parameters: { ...given, arch: typeof arch === 'string' ? arch : '' } }
}

function asRecord(value: unknown, where: string): Record<string, unknown> {
  const result = parameters.safeParse(value)
  if (result.success) return result.data
  throw new ConfigMismatch(`${where} is not a mapping of parameters to values`)
}

/** All that PaddleX does with an image, for those who apply the transforms by other means. */
export function withImplied(
  { channels, stride }: PaddleXModel,
  operators: readonly RawOperator[],
): readonly RawOperator[] {
  return [
    { name: 'Decode', parameters: { to_rgb: channels === 'RGB' } },
    ...operators,
    ...(stride === undefined ? [] : [{ name: '_BatchPadding', parameters: { pad_to_stride: stride } }]),
    { name: 'Arrange', parameters: {} },
  ]
}

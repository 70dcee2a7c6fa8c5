import { z } from 'zod'
import { ConfigMismatch, describeZodIssue } from './config-errors.js'

/** An operator as written in the file. */
export interface RawOperator {
  readonly name: string
  readonly parameters: Readonly<Record<string, unknown>>
}

/**
 * The form of the list: PaddleClas' `PreProcess.transform_ops`, PaddleDetection's `Preprocess`, or PaddleSeg's
 * `Deploy.transforms`.
 */
export const operatorForms = ['PreProcess', 'Preprocess', 'Deploy'] as const

type OperatorForm = (typeof operatorForms)[number]

/** The operators of a file, in order. */
export interface OperatorList {
  readonly form: OperatorForm
  readonly operators: readonly RawOperator[]
}

const parameters = z.record(z.string(), z.unknown())

const listSchema = z.looseObject({
  PreProcess: z.strictObject({ transform_ops: z.array(z.unknown()).nullish() }).nullish(),
  Preprocess: z.array(z.unknown()).nullish(),
  Deploy: z.looseObject({ transforms: z.array(z.unknown()) }).optional(),
})

/**
 * Reads both forms of an operator: `{ Name: { … } }` (PaddleClas, PaddleX) and `{ type: Name, … }`
 * (PaddleDetection, PaddleSeg, PaddleX).
 *
 * @returns undefined for a file without operators
 * @throws ConfigMismatch, ZodError
 */
export function listOperators(content: unknown): OperatorList | undefined {
  const parsed = listSchema.parse(content, { error: describeZodIssue })
  const { PreProcess, Preprocess, Deploy } = parsed
  const [form, other] = operatorForms.filter((name) => parsed[name] != null)
  if (form !== undefined && other !== undefined) {
    throw new ConfigMismatch(`it has both ${form} and ${other}, but only one is allowed`)
  }
  if (PreProcess?.transform_ops) return { form: 'PreProcess', operators: PreProcess.transform_ops.map(named) }
  if (Preprocess) return { form: 'Preprocess', operators: Preprocess.map(typedIn('Preprocess')) }
  if (Deploy) return { form: 'Deploy', operators: Deploy.transforms.map(typedIn('Deploy.transforms')) }
  return undefined
}

function named(operator: unknown, index: number): RawOperator {
  const entries =
    typeof operator === 'string'
      ? [[operator, null] as const]
      : Object.entries(asRecord(operator, `PreProcess.transform_ops[${index}]`))
  const [entry] = entries
  if (entry === undefined || entries.length > 1) {
    throw new ConfigMismatch(`PreProcess.transform_ops[${index}] is not one operator with its parameters`)
  }
  const [name, given] = entry
  return { name, parameters: given === null ? {} : asRecord(given, name) }
}

function typedIn(list: string): (operator: unknown, index: number) => RawOperator {
  return (operator, index) => {
    const where = `${list}[${index}]`
    const { type: name, ...given } = asRecord(operator, where)
    if (typeof name !== 'string') throw new ConfigMismatch(`${where} does not name its operator (type)`)
    return { name, parameters: given }
  }
}

function asRecord(value: unknown, where: string): Record<string, unknown> {
  const result = parameters.safeParse(value)
  if (result.success) return result.data
  throw new ConfigMismatch(`${where} is not a mapping of parameters to values`)
}

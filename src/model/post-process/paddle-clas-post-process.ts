import { z } from 'zod'
import { ConfigMismatch, describeZodIssue, unknownOperator } from '../config-errors.js'
import type { AttributeThresholds } from '../model-config.js'
import { label, labelsOf, named, type ParsedPostProcess } from './class-names.js'

/** Reads the parameters of one operator; `place` is where in the file they are. */
type Reader = (parameters: unknown, place: readonly string[]) => ParsedPostProcess

function reader<Parameters>(
  schema: z.ZodType<Parameters>,
  read: (parameters: Parameters) => ParsedPostProcess,
): Reader {
  return (parameters, place) => {
    // Nested, so that an error says where in the file it occurs.
    const nested = place.reduceRight<z.ZodType>((inner, name) => z.object({ [name]: inner }), schema)
    const given = place.reduceRight<unknown>((inner, name) => ({ [name]: inner }), parameters ?? {})
    let found: unknown = nested.parse(given, { error: describeZodIssue })
    for (const name of place) found = (found as Record<string, unknown>)[name]
    return read(found as Parameters)
  }
}

const threshold = z.number().nullish()

/** PaddleX writes a threshold for each class as a mapping with `default`. */
const thresholds = z
  .union([z.number(), z.record(z.string(), z.number())], {
    error: ({ input }) =>
      `expected a number or a mapping, got ${Array.isArray(input) ? 'a list' : shownType(input)}`,
  })
  .nullish()

function shownType(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : typeof value
}

/** @throws ConfigMismatch for a mapping without a default, or with keys that are no classes */
function thresholdsOf(given: z.infer<typeof thresholds>): {
  threshold: number
  ofClass?: Readonly<Record<number, number>>
} {
  if (given == null) return { threshold: 0.5 }
  if (typeof given === 'number') return { threshold: given }
  const { default: usual, ...ofClass } = given
  if (usual === undefined) {
    throw new ConfigMismatch(
      'MultiLabelThreshOutput.threshold lacks `default`',
      'Add `default`, the threshold of the classes that it does not name.',
    )
  }
  const other = Object.keys(ofClass).find((key) => !/^\d{1,6}$/.test(key))
  if (other !== undefined)
    throw new ConfigMismatch(
      `MultiLabelThreshOutput.threshold has ${other}, which is not the number of a class`,
    )
  return { threshold: usual, ...(Object.keys(ofClass).length > 0 && { ofClass }) }
}

/** The thresholds of an operator for attributes, by the names and defaults of PaddleClas. */
function attributes<Scheme extends keyof AttributeThresholds>(
  scheme: Scheme,
  defaults: AttributeThresholds[Scheme],
): Reader {
  const names = Object.keys(defaults)
  const shape = Object.fromEntries(names.map((name) => [name, threshold]))
  return reader(z.strictObject({ ...shape, ...named }), (given) => {
    const values = given as Readonly<Record<string, number | null | undefined>>
    const thresholds = Object.fromEntries(
      Object.entries(defaults as Readonly<Record<string, number>>).map(([name, usual]) => [
        name,
        values[name] ?? usual,
      ]),
    ) as unknown as AttributeThresholds[Scheme]
    return {
      postProcess: { kind: 'attributes', scheme, thresholds } as ParsedPostProcess['postProcess'] & object,
    }
  })
}

const half = 0.5

/**
 * The operators of PaddleClas' `deploy/python/postprocess.py`, and PaddleX's `NormalizeFeatures`. Defaults are
 * those of their code.
 */
const readers: Readonly<Record<string, Reader>> = {
  Topk: reader(z.strictObject({ topk: z.int().positive().nullish(), ...named }), ({ topk, ...names }) => ({
    postProcess: { kind: 'best', ...(topk != null && { topK: topk }) },
    ...labelsOf(names),
  })),
  ThreshOutput: reader(
    z.strictObject({
      threshold,
      label_0: label.nullish(),
      label_1: label.nullish(),
      default_label_index: z.int().nonnegative().nullish(),
      ...named,
    }),
    ({ threshold: least, label_0, label_1, default_label_index, ...names }) => ({
      postProcess: {
        kind: 'either',
        threshold: least ?? 0,
        labels: [label_0 ?? '0', label_1 ?? '1'],
        ...(default_label_index != null && { otherwise: default_label_index }),
      },
      // PaddleClas names two classes by these parameters alone.
      ...(label_0 == null && label_1 == null && labelsOf(names)),
    }),
  ),
  MultiLabelThreshOutput: reader(
    z.strictObject({ threshold: thresholds, ...named }),
    ({ threshold: given, ...names }) => ({
      postProcess: { kind: 'several', ...thresholdsOf(given) },
      ...labelsOf(names),
    }),
  ),
  ScoreOutput: reader(z.strictObject({ decimal_places: z.int().min(0).max(30) }), ({ decimal_places }) => ({
    postProcess: { kind: 'scores', decimals: decimal_places },
  })),
  NormalizeFeatures: reader(z.strictObject({}), () => ({ postProcess: { kind: 'features' } })),
  Binarize: reader(z.strictObject({ method: z.enum(['round', 'sign']).nullish() }), ({ method }) => ({
    postProcess: { kind: 'features', binarize: method ?? 'round' },
  })),
  PersonAttribute: attributes('person', { threshold: half, glasses_threshold: 0.3, hold_threshold: 0.6 }),
  VehicleAttribute: attributes('vehicle', { color_threshold: half, type_threshold: half }),
  FaceAttribute: reader(
    z.strictObject({ threshold, convert_cn: z.boolean().nullish(), ...named }),
    ({ threshold: least, convert_cn }) => ({
      postProcess: {
        kind: 'attributes',
        scheme: 'face',
        thresholds: { threshold: least ?? 0.65 },
        ...(convert_cn === true && { inChinese: true }),
      },
    }),
  ),
  TableAttribute: attributes('table', {
    source_threshold: half,
    number_threshold: half,
    color_threshold: half,
    clarity_threshold: half,
    obstruction_threshold: half,
    angle_threshold: half,
  }),
}

/** Saves copies of the images by class, and returns nothing. */
const savesFiles = 'SavePreLabel'

const known = [...Object.keys(readers), savesFiles]

interface NamedOperator {
  readonly name: string
  readonly parameters: unknown
  readonly place: readonly string[]
}

/**
 * Reads PaddleClas' post-processing: operators by name, of which `main_indicator` chooses the one whose result
 * counts, or the single one of a training configuration (`{name: Topk, topk: 5}`).
 *
 * @param section - the key of the file that it is under
 * @throws ConfigMismatch, ZodError
 */
export function parsePostProcess(postProcess: unknown, section = 'PostProcess'): ParsedPostProcess {
  const { main_indicator: main, ...content } = z
    .looseObject({})
    .parse(postProcess, { error: describeZodIssue })
  const operators = operatorsIn(content, section)
  const unknown = operators.find(({ name }) => name !== savesFiles && !Object.hasOwn(readers, name))
  if (unknown) throw unknownOperator(unknown.name, known, ` of ${section}`)
  const results = operators.filter(({ name }) => name !== savesFiles)
  const [first, second] = results
  if (!first) {
    if (operators.length === 0) return {}
    throw new ConfigMismatch(`${section} has only ${savesFiles}, which saves files and returns nothing`)
  }
  if (main == null) {
    if (second)
      throw new ConfigMismatch(
        `${section} has both ${first.name} and ${second.name}, but no main_indicator that chooses one`,
        `Add the one whose result counts to ${section}: main_indicator: ${first.name}, or ${second.name}.`,
      )
    return read(first)
  }
  // As PaddleClas: of the operators whose name is in the text, the last one.
  const chosen = results.findLast(({ name }) => typeof main === 'string' && main.includes(name))
  if (chosen) return read(chosen)
  throw new ConfigMismatch(
    `${section} has the main_indicator ${JSON.stringify(main)}, but no such operator`,
    `Set it to an operator of ${section}: ${results.map(({ name }) => name).join(', ')}.`,
  )
}

function read({ name, parameters, place }: NamedOperator): ParsedPostProcess {
  const found = readers[name]
  if (!found) throw unknownOperator(name, known)
  return found(parameters, place)
}

function operatorsIn(content: Readonly<Record<string, unknown>>, section: string): NamedOperator[] {
  if (typeof content['name'] !== 'string')
    return Object.entries(content).map(([name, parameters]) => ({ name, parameters, place: [section, name] }))
  const { name, ...parameters } = content
  if (name !== 'DistillationPostProcess') return [{ name, parameters, place: [section] }]
  // It applies `func` to the output of one of two networks. An exported model has only that one.
  const { func = 'Topk' } = parameters
  const ofNetworks = ['func', 'model_name', 'key']
  const others = Object.fromEntries(Object.entries(parameters).filter(([key]) => !ofNetworks.includes(key)))
  return [{ name: String(func), parameters: others, place: [section] }]
}

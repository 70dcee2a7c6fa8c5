import { z } from 'zod'
import { ConfigMismatch, describeZodIssue, unknownOperator, UnsupportedConfig } from '../config-errors.js'
import type { RawOperator } from '../operator-list.js'
import { tutorialPreprocessing, type Preprocessing, type Resampling, type Size } from '../preprocessing.js'
import { Draft } from './preprocessing-builder.js'

/** Applies one operator to what is built from the operators of a file. */
export type Operator<Target = Draft> = (target: Target, { name, parameters }: RawOperator) => void

/**
 * Creates an operator that accepts exactly these parameters. Null is accepted only where the default in
 * Python is None: elsewhere Python treats it differently from the default, or fails.
 */
export function operator<Parameters, Target = Draft>(
  schema: z.ZodType<Parameters>,
  apply: (target: Target, parameters: Parameters) => void,
): Operator<Target> {
  return (target, { name, parameters }) => {
    // Nested under its name, so that an error says where in the file it occurs.
    const { data, error } = z
      .object({ [name]: schema })
      .safeParse({ [name]: parameters }, { error: describeZodIssue })
    if (error) throw refusedNull(name, parameters, error) ?? error
    apply(target, data[name] as Parameters)
  }
}

function refusedNull(
  name: string,
  parameters: RawOperator['parameters'],
  { issues: [issue] }: z.ZodError,
): ConfigMismatch | undefined {
  const parameter = issue?.path[1]
  if (typeof parameter !== 'string' || parameters[parameter] !== null) return undefined
  return new ConfigMismatch(`${name}.${parameter} cannot be null`)
}

/**
 * Applies operators in order.
 *
 * @param lacking - the message if none of them moves the channels first
 */
export function applyOperators(
  operators: readonly RawOperator[],
  known: Readonly<Record<string, Operator>>,
  lacking: string,
): Preprocessing {
  return draftOf(operators, known).finish(lacking)
}

/** What operators make in order, before the last steps. */
export function draftOf(operators: readonly RawOperator[], known: Readonly<Record<string, Operator>>): Draft {
  const draft = new Draft()
  for (const raw of operators) {
    const apply = knownOperator(raw.name, known)
    draft.begin(raw.name)
    apply(draft, raw)
  }
  return draft
}

/** @throws ConfigMismatch for an operator that is not known */
export function knownOperator<Target>(
  name: string,
  known: Readonly<Record<string, Operator<Target>>>,
): Operator<Target> {
  const found = Object.hasOwn(known, name) ? known[name] : undefined
  if (found) return found
  throw unknownOperator(name, Object.keys(known))
}

export const pixels = z
  .int()
  .positive()
  .max(2 ** 20)

/** One size for both sides, or one for each side. */
export const sides = z.union([pixels, z.tuple([pixels, pixels])], { error: 'expected one size or two' })

export const triple = z.tuple([z.number(), z.number(), z.number()], { error: 'expected three numbers' })

/** The defaults for values that a file omits. */
export const imageNet = tutorialPreprocessing.normalise

/** A size from `[width, height]`, as PaddleClas writes it. */
export function widthFirst(value: z.infer<typeof sides>): Size {
  const [width, height] = typeof value === 'number' ? [value, value] : value
  return { width, height }
}

/** A size from `[height, width]`, as PaddleDetection writes it. */
export function heightFirst(value: z.infer<typeof sides>): Size {
  const [height, width] = typeof value === 'number' ? [value, value] : value
  return { width, height }
}

type Method<Library extends Resampling['library']> = Extract<Resampling, { library: Library }>['method']

/** OpenCV's resampling methods by the names that PaddleClas and PaddleX use. */
export const openCvMethods: Readonly<Record<string, Method<'opencv'>>> = {
  nearest: 'nearest',
  bilinear: 'linear',
  linear: 'linear',
  bicubic: 'cubic',
  cubic: 'cubic',
  area: 'area',
  lanczos: 'lanczos4',
  lanczos4: 'lanczos4',
}

/** The same in the order of OpenCV's interpolation numbers. */
export const openCvByNumber: readonly Method<'opencv'>[] = ['nearest', 'linear', 'cubic', 'area', 'lanczos4']

/** The same by the names that PaddleSeg and PaddleX 1 and 2 use. */
const upperCase: Readonly<Record<string, Method<'opencv'>>> = {
  NEAREST: 'nearest',
  LINEAR: 'linear',
  CUBIC: 'cubic',
  AREA: 'area',
  LANCZOS4: 'lanczos4',
}

/** The method that the `interp` of an operator of PaddleSeg or PaddleX 1 and 2 names. @throws ConfigMismatch */
export function openCvByName(operatorName: string, interp: string): Method<'opencv'> {
  const method = Object.hasOwn(upperCase, interp) ? upperCase[interp] : undefined
  if (method !== undefined) return method
  if (interp === 'RANDOM') throw new UnsupportedConfig(`${operatorName} chooses the interpolation at random`)
  const known = Object.keys(upperCase).join(', ')
  throw new ConfigMismatch(`${operatorName} cannot interpolate as ${interp}, known are ${known}`)
}

/** Pillow's resampling methods by the names that PaddleClas and PaddleX use. */
export const pillowMethods: Readonly<Record<string, Method<'pillow'>>> = {
  nearest: 'nearest',
  bilinear: 'bilinear',
  bicubic: 'bicubic',
  box: 'box',
  lanczos: 'lanczos',
  lanczos4: 'lanczos',
  hamming: 'hamming',
}

/** A decimal number, as Python writes it. */
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

/**
 * Reads a number, or a fraction such as `1.0/255.0`. PaddleClas evaluates it as Python; this function does
 * not evaluate code.
 *
 * @returns undefined for anything else
 */
export function readScale(value: number | string): number | undefined {
  const parts = typeof value === 'number' ? [value] : value.split('/').map(toNumber)
  const [over = NaN, under = 1] = parts
  const result = over / under
  return parts.length <= 2 && Number.isFinite(result) ? result : undefined
}

function toNumber(text: string): number {
  return decimal.test(text.trim()) ? Number(text) : NaN
}

import type { PlainTensor } from '../../reference/index.js'
import type { Verdict } from '../../tasks/index.js'
import { counted } from '../../wording.js'
import { fromHalves, type Tensor } from '../../tensor/index.js'

/** The verdict, which becomes DIFFERS if the shapes are different. */
export function compareShapes(
  verdict: Verdict,
  { input, output }: Readonly<Record<'input' | 'output', Difference | undefined>>,
): Verdict {
  const others = [...(input ? [] : ['the input']), ...(output ? [] : ['an output'])]
  if (others.length === 0) return verdict
  const text = `${verdict.text}; different shape in plain Python: ${others.join(' and ')}`
  return { ...verdict, same: false, text }
}

/**
 * Adds to the verdict how many values are NaN or infinite on both sides: these are equal, but no result.
 */
export function tellNotFinite(verdict: Verdict, output: Difference | undefined): Verdict {
  if (output?.notFinite === undefined) return verdict
  const values = counted(output.notFinite, 'value of the output is', 'values of the output are')
  return { ...verdict, text: `${verdict.text}; ${values} NaN or infinite on both sides` }
}

/** The absolute differences between the elements of two tensors. */
export interface Difference {
  readonly max: number
  readonly mean: number
  /** How many elements are NaN or the same infinity on both sides; omitted if none is. */
  readonly notFinite?: number
}

/** Compares element by element; `undefined` if the shapes are different. */
export function differenceOf(ours: Tensor | undefined, plain: PlainTensor): Difference | undefined {
  if (!ours || !isSameShape(ours.shape, plain.shape)) return undefined
  const data = ours.dtype === 'float16' ? fromHalves(ours.dtype, ours.data) : ours.data
  let [max, sum, notFinite] = [0, 0, 0]
  for (let index = 0; index < data.length; index += 1) {
    const value = Number(data[index])
    const distance = distanceOf(value, plain.data[index] ?? NaN)
    if (distance === 0 && !Number.isFinite(value)) notFinite += 1
    if (distance > max) max = distance
    sum += distance
  }
  const mean = data.length === 0 ? 0 : sum / data.length
  return { max, mean, ...(notFinite > 0 && { notFinite }) }
}

/** The maximum of two differences; the other one if one is undefined. */
export function greater(one: Difference | undefined, other: Difference | undefined): Difference | undefined {
  if (!one || !other) return one ?? other
  const notFinite = (one.notFinite ?? 0) + (other.notFinite ?? 0)
  return {
    max: Math.max(one.max, other.max),
    mean: Math.max(one.mean, other.mean),
    ...(notFinite > 0 && { notFinite }),
  }
}

/** The maximum of several differences; `undefined` if one of them is. */
export function greatest(all: readonly (Difference | undefined)[]): Difference | undefined {
  return all.includes(undefined) ? undefined : all.reduce(greater, undefined)
}

/** Equal infinities, and NaN on both sides, have no difference. */
function distanceOf(one: number, other: number): number {
  if (Object.is(one, other) || one === other) return 0
  const distance = Math.abs(one - other)
  return Number.isNaN(distance) ? Infinity : distance
}

/** On our side, the network's input has one more dimension: the batch. */
function isSameShape(ours: readonly number[], plain: readonly number[]): boolean {
  const extra = ours.length - plain.length
  if (extra !== 0 && !(extra === 1 && ours[0] === 1)) return false
  return plain.every((side, index) => side === ours[index + extra])
}

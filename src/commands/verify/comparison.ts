import type { PlainTensor } from '../../reference/index.js'
import type { Verdict } from '../../tasks/index.js'
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

/** The absolute differences between the elements of two tensors. */
export interface Difference {
  readonly max: number
  readonly mean: number
}

/** Compares element by element; `undefined` if the shapes are different. */
export function differenceOf(ours: Tensor | undefined, plain: PlainTensor): Difference | undefined {
  if (!ours || !isSameShape(ours.shape, plain.shape)) return undefined
  const data = ours.dtype === 'float16' ? fromHalves(ours.dtype, ours.data) : ours.data
  let [max, sum] = [0, 0]
  for (let index = 0; index < data.length; index += 1) {
    const distance = distanceOf(Number(data[index]), plain.data[index] ?? NaN)
    if (distance > max) max = distance
    sum += distance
  }
  return { max, mean: data.length === 0 ? 0 : sum / data.length }
}

/** The maximum of two differences; the other one if one is undefined. */
export function greater(one: Difference | undefined, other: Difference | undefined): Difference | undefined {
  if (!one || !other) return one ?? other
  return { max: Math.max(one.max, other.max), mean: Math.max(one.mean, other.mean) }
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

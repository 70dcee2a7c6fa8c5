import type { PlainTensor } from '../../reference/index.js'
import type { Verdict } from '../../tasks/index.js'
import { fromHalves, type Tensor } from '../../tensor/index.js'

/** What cannot be compared element by element is not the same, whatever the answer says. */
export function compareShapes(
  verdict: Verdict,
  { input, output }: Readonly<Record<'input' | 'output', Difference | undefined>>,
): Verdict {
  const others = [...(input ? [] : ['the input']), ...(output ? [] : ['an output'])]
  if (others.length === 0) return verdict
  const text = `${verdict.text}; of another shape in plain Python: ${others.join(' and ')}`
  return { ...verdict, same: false, text }
}

/** How far two tensors are apart. */
export interface Difference {
  readonly max: number
  readonly mean: number
}

/** Element by element; `undefined` where they are not of one shape, and so have none. */
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

/** The greater of each; without one, the other. */
export function greater(one: Difference | undefined, other: Difference | undefined): Difference | undefined {
  if (!one || !other) return one ?? other
  return { max: Math.max(one.max, other.max), mean: Math.max(one.mean, other.mean) }
}

/** The greatest of several; `undefined` where one of them has none. */
export function greatest(all: readonly (Difference | undefined)[]): Difference | undefined {
  return all.includes(undefined) ? undefined : all.reduce(greater, undefined)
}

/** The same infinity, and NaN on both sides, are no difference. */
function distanceOf(one: number, other: number): number {
  if (Object.is(one, other) || one === other) return 0
  const distance = Math.abs(one - other)
  return Number.isNaN(distance) ? Infinity : distance
}

/** The network's input has a dimension more on our side: that of the batch. */
function isSameShape(ours: readonly number[], plain: readonly number[]): boolean {
  const extra = ours.length - plain.length
  if (extra !== 0 && !(extra === 1 && ours[0] === 1)) return false
  return plain.every((side, index) => side === ours[index + extra])
}

/** A property of what an image shows. */
export interface Attribute {
  /** What is described: `Gender`, `Color`, `Glasses`. Several attributes can have the same name. */
  readonly name: string
  /** Its value: `Female`, `True`; `unknown` where no value reaches its threshold. */
  readonly value: string
  /**
   * The confidence of the model in the value, a float32: the output for it; 1 minus the output where the value
   * is that an output is below its threshold (`False`, `Male`, `No bag`, `unknown`).
   */
  readonly score: number
  /** The index of that output. */
  readonly classId: number
}

/** The first value if the output is above the threshold, else the second. */
export function either(
  name: string,
  [above, below]: readonly [string, string],
  scores: Float32Array,
  classId: number,
  threshold: number,
): Attribute {
  return (scores[classId] ?? NaN) > threshold
    ? attribute(name, above, scores, classId)
    : negative(name, below, scores, classId)
}

/** @param value - the value, or the values of the outputs from `first` on */
export function attribute(
  name: string,
  value: string | readonly string[],
  scores: Float32Array,
  classId: number,
  first = 0,
): Attribute {
  const text = typeof value === 'string' ? value : (value[classId - first] ?? '')
  return { name, value: text, score: scores[classId] ?? NaN, classId }
}

/** A value that means that the output is below its threshold. */
export function negative(name: string, value: string, scores: Float32Array, classId: number): Attribute {
  return { name, value, score: Math.fround(1 - (scores[classId] ?? NaN)), classId }
}

/** The index of the best of some outputs as `numpy.argmax` has it: the first of equal ones, NaN before all. */
export function bestFrom(scores: Float32Array, from: number, to: number): number {
  let best = from
  for (let index = from; index < to; index += 1) {
    const [score = 0, most = 0] = [scores[index], scores[best]]
    if (Number.isNaN(most)) break
    if (score > most || Number.isNaN(score)) best = index
  }
  return best
}

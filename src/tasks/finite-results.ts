import { type Outputs } from '../inference/index.js'
import { createWarning, warn, type WarningListener } from '../warnings.js'
import { fromHalves, type Tensor } from '../tensor/index.js'

/** Checks the numbers of one input's result; `nameOf` is called only to warn. */
export type FiniteCheck = (numbers: ArrayLike<number>, nameOf: () => string) => void

/**
 * Returns a function that warns once, with the name of the input, if a number of a result is NaN or infinite. Such a
 * result is no answer: a threshold drops it silently, and a comparison with NaN is false.
 *
 * @param what - the numbers, in the plural: `scores`
 */
export function watchFinite(model: string, what: string, listener: WarningListener | undefined): FiniteCheck {
  let isTold = false
  return (numbers, nameOf) => {
    if (isTold) return
    const found = firstNotFinite(numbers)
    if (found === undefined) return
    isTold = true
    const text = `The ${what} of ${model} for ${nameOf()} are not finite: one of them is ${found}. Its result means nothing.
Check the parameters of the model, and whether it is fed as it was trained.`
    warn(listener, createWarning('RESULT_NOT_FINITE', text))
  }
}

/** The same for all outputs of an input. */
export function checkOutputs(check: FiniteCheck, outputs: Outputs, nameOf: () => string): void {
  for (const output of Object.values(outputs)) {
    const floats = floatsIn(output)
    if (floats) check(floats, nameOf)
  }
}

function floatsIn({ dtype, data }: Tensor): ArrayLike<number> | undefined {
  if (dtype === 'float16' || dtype === 'bfloat16') return fromHalves(dtype, data)
  return dtype === 'float32' || dtype === 'float64' ? data : undefined
}

function firstNotFinite(numbers: ArrayLike<number>): number | undefined {
  const { length } = numbers
  // By index: `for of` takes ten times as long, and the scores of all pixels pass here.
  for (let index = 0; index < length; index += 1) {
    const value = numbers[index] ?? 0
    if (!Number.isFinite(value)) return value
  }
  return undefined
}

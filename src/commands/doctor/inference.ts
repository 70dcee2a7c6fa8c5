import { installAdvice, type Interpreter } from '../../environment/index.js'
import { createPredictor } from '../../inference/index.js'
import { packageFile } from '../../package-files.js'
import { interruption } from '../terminal/interruption.js'
import { failed, failure, ok, type Check } from './check.js'

/** The tiny network of `python/make_doctor_model.py`: y = softmax(2x + [0, 1, 2]). */
const model = (): string => packageFile('models', 'doctor')
const question = [0.5, 0, -0.5]
/** 2x + [0, 1, 2] is [1, 1, 1] then. */
const answer = 1 / 3

/** Runs the network in a worker, like any inference. */
export async function checkInference(python: string | undefined, { source }: Interpreter): Promise<Check> {
  const name = 'Inference'
  try {
    const started = performance.now()
    await using predictor = await createPredictor({
      model: model(),
      python,
      signal: interruption,
      timeoutMs: 60_000,
    })
    const ready = performance.now()
    const input = { dtype: 'float32', shape: [1, 3], data: Float32Array.from(question) } as const
    const outputs = await predictor.run({ x: input })
    const ended = performance.now()
    const values = Object.values(outputs).flatMap(({ data }) => Array.from(data, Number))
    if (values.length !== 3 || values.some((value) => Math.abs(value - answer) > 1e-5)) {
      return failure(
        name,
        `a tiny network returned [${values.join(', ')}], not 3 times ${answer.toFixed(4)}`,
        installAdvice(source, 'another paddle'),
      )
    }
    const times = `worker ready in ${Math.round(ready - started)} ms, run in ${(ended - ready).toFixed(1)} ms`
    return ok(name, `a tiny network returned the correct result; ${times}`)
  } catch (error) {
    return failed(name, error)
  }
}

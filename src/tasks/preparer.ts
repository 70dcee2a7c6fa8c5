import pLimit from 'p-limit'
import { usableCores } from '../inference/index.js'
import type { Prepared, Task } from './task.js'

/** Prepares inputs, so many at once as keep the cores busy: more would only take memory. */
export function preparer<Input, Ready>(
  task: Pick<Task<Input, Ready, never, never>, 'prepare' | 'isInputs'>,
): (input: Input) => Promise<Prepared<Input, Ready>> {
  const limit = pLimit(usableCores() + 1)
  return (input) =>
    limit(async () => {
      const start = performance.now()
      try {
        const value = await task.prepare(input)
        return { input, ready: { value }, preprocessMs: performance.now() - start }
      } catch (error) {
        if (!task.isInputs(error)) throw error
        return { input, error, preprocessMs: performance.now() - start }
      }
    })
}

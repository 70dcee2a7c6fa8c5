import pLimit from 'p-limit'
import { rejectOnAbort } from '../async/index.js'
import { usableCores } from '../inference/index.js'
import type { Prepared, Task } from './task.js'

/** Preprocesses as many inputs at once as keep the cores busy: more would only take memory. */
export function preprocessConcurrently<Input, Ready>(
  task: Pick<Task<Input, Ready, never, never>, 'prepare' | 'isInputs'>,
): (input: Input, signal: AbortSignal) => Promise<Prepared<Input, Ready>> {
  const limit = pLimit(usableCores() + 1)
  const prepare = (input: Input, signal: AbortSignal): Promise<Prepared<Input, Ready>> =>
    limit(async () => {
      const start = performance.now()
      try {
        signal.throwIfAborted()
        // A `prepare` that never ends must not hold its place forever.
        const value = await rejectOnAbort(task.prepare(input, signal), signal)
        return { input, ready: { value }, preprocessMs: performance.now() - start }
      } catch (error) {
        if (signal.aborted || !task.isInputs(error)) throw error
        return { input, error, preprocessMs: performance.now() - start }
      }
    })
  // An input that waits for its turn leaves at once too.
  return (input, signal) => rejectOnAbort(prepare(input, signal), signal)
}

import type { ImageTask } from './image-task.js'
import type { BatchOptions } from './options.js'
import type { OpenTask } from './task-definition.js'

/** Wraps a loaded model of any task for the command line. */
export function asOpenTask<Fields extends object>(
  model: Pick<ImageTask<never, Fields, BatchOptions>, 'pool' | 'ready' | 'close'>,
  calls: Pick<OpenTask<Fields>, 'step' | 'run' | 'warmUp'>,
): OpenTask<Fields> {
  return {
    ...calls,
    get pool() {
      return model.pool
    },
    ready: () => model.ready(),
    [Symbol.asyncDispose]: () => model.close(),
  }
}

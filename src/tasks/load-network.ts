import { PaddleError } from '../errors.js'
import {
  BatchRunner,
  emitter,
  poolForm,
  predictorForm,
  PredictorPool,
  prewarmedWorker,
  usableCores,
  withPrewarmed,
} from '../inference/index.js'
import { omit, pick } from '../options/index.js'
import type { BatchOptions, TaskOptions } from './options.js'
import type { Steps, Task } from './task.js'

/** An input on its way through the network. */
export interface TaskItem<Input, Ready, Options> {
  readonly input: Input
  readonly ready: Ready
  /** How long preprocessing took, in milliseconds. */
  readonly preprocessMs: number
  /** Those of the call that it belongs to. */
  readonly options: Options
}

/** A model loaded in its workers. */
export interface Network<Input, Ready, Value, Options extends BatchOptions> {
  readonly pool: PredictorPool
  readonly steps: Steps<Ready, Value, Options>
  readonly runner: BatchRunner<TaskItem<Input, Ready, Options>, Value>
}

/**
 * Loads the model of a task in a pool of workers.
 *
 * @param closing - aborts, with its reason
 */
export async function loadNetwork<Input, Ready, Value, Options extends BatchOptions>(
  model: string,
  task: Task<Input, Ready, Value, Options>,
  options: TaskOptions<Input>,
  closing: AbortSignal,
): Promise<Network<Input, Ready, Value, Options>> {
  const { signal = closing, ...rest } = pick(predictorForm, options)
  const ofPool = {
    ...rest,
    ...omit({ maxQueue: poolForm.maxQueue }, pick(poolForm, options)),
    model,
    workers: workersOf(options),
    signal: AbortSignal.any([signal, closing]),
  }
  const creating = PredictorPool.create(withPrewarmed(ofPool, prewarmedWorker(options)))
  const pool = await creating.catch((error: unknown) => {
    throw closing.aborted ? closing.reason : error
  })
  try {
    const steps = task.connect(pool)
    const emit = emitter(options.onEvent)
    const runner = new BatchRunner<TaskItem<Input, Ready, Options>, Value>({
      ...{ model, pool, retries: options.retries ?? poolForm.retries.default },
      steps: {
        oneByOne: steps.oneByOne ?? false,
        feeds: (batch, times) => steps.feeds(batch.map(readyOf), times),
        values: (outputs, batch) => {
          const given = batch.map((item) => item.options)
          const nameOf = (index: number): string => {
            const item = batch[index]
            return item ? task.nameOf(item.input) : ''
          }
          return steps.values(outputs, batch.map(readyOf), given, nameOf)
        },
      },
      nameOf: ({ input }) => task.nameOf(input),
      onSplit: (batch, error) => {
        emit({ type: 'split', inputs: batch.map(({ input }) => input), error })
      },
      onQuarantine: ({ input }, error) => {
        emit({ type: 'quarantine', input, error })
      },
    })
    return { pool, steps, runner }
  } catch (error) {
    await pool.close()
    throw error
  }
}

function readyOf<Ready>({ ready }: { readonly ready: Ready }): Ready {
  return ready
}

/** The error of calls on a task after `close`, and of those that it ends. */
export function closedError(model: string): PaddleError {
  return new PaddleError('PREDICTOR_CLOSED', `The task with ${model} was closed.`, {
    advice: 'Load it again.',
  })
}

/**
 * The number of workers. By default, half of the cores are left to preprocessing, which takes about as long as
 * the network of a common classifier.
 */
export function workersOf({ workers = 'auto', cpuThreads }: TaskOptions<never>): number {
  if (workers !== 'auto') return workers
  const threads = typeof cpuThreads === 'number' ? cpuThreads : 1
  return Math.max(1, Math.floor(usableCores() / (2 * threads)))
}

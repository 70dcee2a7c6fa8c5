import { prewarmedWorker, withPrewarmed } from '../../inference/worker/prewarm.js'
import {
  taskDefinition,
  type OpenTask,
  type TaskEvent,
  type TaskName,
  type ImageInputOptions,
} from '../../tasks/index.js'
import { predictorOptionsOf } from '../flags/predictor-flags.js'
import { poolOptionsOf, taskOptionsOf } from '../flags/task-flags.js'
import { interruption } from '../terminal/interruption.js'
import { logWarning } from '../terminal/log-warning.js'
import { allowUrlsOf, type InferArguments } from './arguments.js'

/** The workers, and the listener for their events. */
interface Workers {
  readonly python: string | undefined
  readonly workers: number | 'auto'
  readonly onEvent?: (event: TaskEvent) => void
}

/** Starts to load the model. @throws PaddleError as `TaskDefinition.open` */
export async function openTask(task: TaskName, args: InferArguments, workers: Workers): Promise<OpenTask> {
  const options = {
    ...(args.useGpu && { device: 'gpu:0' }),
    ...predictorOptionsOf(args),
    // The flag limits a batch, not the loading of the model.
    timeoutMs: undefined,
    ...taskOptionsOf(task, args),
    ...poolOptionsOf(args),
    allowUrls: allowUrlsOf(args),
    ...workers,
    ...{ signal: interruption, onWarning: logWarning },
  } satisfies ImageInputOptions
  const definition = await taskDefinition(task)
  return definition.open(args.modelDir, withPrewarmed(options, prewarmedWorker(args)))
}

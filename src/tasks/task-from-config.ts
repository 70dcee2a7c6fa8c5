import { PaddleError } from '../errors.js'
import { locateModel, readModelConfig, type ModelConfig } from '../model/index.js'
import { wording } from '../wording.js'
import { taskNames, taskSpec, type TaskName } from './registry.js'

/**
 * Returns the task of a model according to its own `inference.yml`, `infer_cfg.yml` or `deploy.yaml`.
 *
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, LABELS_INVALID
 */
export async function taskFromConfig(model: string, params?: string): Promise<TaskName> {
  return recognised(await readModelConfig(await locateModel(model, params)))
}

/** What models output other than classes: kinds of post-processing whose names say it. */
const otherOutputs: ReadonlySet<string> = new Set(['attributes', 'boxes', 'features', 'segments'])

/**
 * The error for a model that belongs to another task according to its file.
 *
 * @param kind - the kind of model that is needed, with its article
 */
export function modelOfOtherTask(model: string, kind: string, config: ModelConfig | undefined): PaddleError {
  const read = config?.postProcess?.kind
  const outputs = read !== undefined && otherOutputs.has(read) ? read : 'classes'
  const task = recognised(config)
  return new PaddleError(
    'MODEL_UNSUITABLE',
    `${model} is not ${kind}: ${config?.file ?? ''} says that it outputs ${outputs}.`,
    {
      advice: wording`Load it with ${{ option: 'task', value: task, code: `\`${taskSpec(task).className}\`` }}.`,
    },
  )
}

function recognised(config: ModelConfig | undefined): TaskName {
  const found = taskNames.find((name) => taskSpec(name).recognises(config))
  if (found === undefined) throw new TypeError('No task recognises the model.')
  return found
}

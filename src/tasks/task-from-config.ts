import { locateModel, readModelConfig, type ModelConfig } from '../model/index.js'
import { wording, type Wording } from '../wording.js'
import { taskNames, taskSpec, type TaskName } from './registry.js'

/**
 * Returns the task of a model according to its own `inference.yml` or `infer_cfg.yml`.
 *
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, LABELS_INVALID
 */
export async function taskFromConfig(model: string, params?: string): Promise<TaskName> {
  return recognised(await readModelConfig(await locateModel(model, params)))
}

/** The advice for a model that belongs to another task according to its file. */
export function otherTaskAdvice(config: ModelConfig | undefined): Wording {
  const task = recognised(config)
  return wording`Load it with ${{ option: 'task', value: task, code: `\`${taskSpec(task).className}\`` }}.`
}

function recognised(config: ModelConfig | undefined): TaskName {
  const found = taskNames.find((name) => taskSpec(name).recognises(config))
  if (found === undefined) throw new TypeError('No task recognises the model.')
  return found
}

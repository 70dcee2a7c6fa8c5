import { locateModel, readModelConfig } from '../model/index.js'
import { wording, type Wording } from '../wording.js'

/** What a model does with images. */
export type TaskName = 'classify' | 'detect'

/**
 * What a model does with images, as its own `inference.yml` or `infer_cfg.yml` says it; without one it classifies.
 *
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, LABELS_INVALID
 */
export async function taskFromConfig(model: string, params?: string): Promise<TaskName> {
  const config = await readModelConfig(await locateModel(model, params))
  return config?.postProcess?.kind === 'boxes' ? 'detect' : 'classify'
}

const loaders = { classify: 'ImageClassifier', detect: 'ObjectDetector' } as const

/** The advice for a model that was loaded for another task. */
export function loadAsAdvice(task: TaskName): Wording {
  return wording`Load it with ${{ option: 'task', value: task, code: `\`${loaders[task]}\`` }}.`
}

import { locateModel, readModelConfig } from '../model/index.js'

/** What a model does with images. */
export type TaskName = 'classify' | 'detect'

/**
 * What a model does with images, as its own `inference.yml` or `infer_cfg.yml` says it; without one it classifies.
 *
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, LABELS_INVALID
 */
export async function taskOf(model: string, params?: string): Promise<TaskName> {
  const config = await readModelConfig(await locateModel(model, params))
  return config?.reading?.kind === 'boxes' ? 'detect' : 'classify'
}

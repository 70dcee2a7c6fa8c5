import {
  locateModel,
  readModelConfig,
  type ConfigSection,
  type ModelConfig,
  type ModelFiles,
} from '../model/index.js'
import { warn } from '../warnings.js'
import type { TaskOptions } from './options.js'

/**
 * Finds a model and reads its own file, if there is one. A file that is not UTF-8 is a warning.
 *
 * @param section - which section of a file for two models to read
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID
 */
export async function configuredModel(
  model: string,
  { params, onWarning }: Pick<TaskOptions, 'params' | 'onWarning'>,
  section?: ConfigSection,
): Promise<{ readonly files: ModelFiles; readonly config: ModelConfig | undefined }> {
  const files = await locateModel(model, params)
  const config = await readModelConfig(files, { section, onNotUtf8: warn.bind(undefined, onWarning) })
  return { files, config }
}

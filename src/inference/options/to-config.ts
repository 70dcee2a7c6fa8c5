import { wrongType } from '../../errors.js'
import type { ModelBuffers } from '../../model/index.js'
import { checkOptions, isPlainObject } from '../../options/index.js'
import { Config } from '../config/index.js'
import { predictorForm, runningForm, type Effect, type PredictorOptions } from './predictor-options.js'
import type { FilledRunningOptions, RunningOptions } from './running-options.js'

/**
 * Builds the Config for these options.
 *
 * @throws TypeError or RangeError for an invalid option, or for options that contradict each other
 */
export function toConfig(options: PredictorOptions): Config {
  if (!isPlainObject(options)) throw wrongType('options', 'a Config or an options object', options)
  const filled = checkOptions(predictorForm, options) as FilledRunningOptions
  const config = new Config(undefined, undefined, { python: options.python })
  setModel(config, options.model, options.params)
  for (const [name, row] of Object.entries<Effect<unknown>>(runningForm)) {
    const value = filled[name as keyof RunningOptions]
    if (value !== undefined) row.apply?.(config, value, filled)
  }
  return config
}

function setModel(config: Config, model: string | ModelBuffers, params: string | undefined): void {
  if (!isPlainObject(model)) config.setModel(model as string, params)
  else {
    const { program, params: bytes } = model as ModelBuffers
    if (params !== undefined) throw wrongType('params', 'no path, because the model is in memory,', params)
    config.setModelBuffer(program, bytes)
  }
}

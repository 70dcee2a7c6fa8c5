import { cpuMethods, type CpuMethods } from './cpu.js'
import { defineMethods } from './define-methods.js'
import { deviceMethods, type DeviceMethods } from './devices.js'
import { engineMethods, type EngineMethods } from './engines.js'
import { gpuMethods, type GpuMethods } from './gpu.js'
import { graphMethods, type GraphMethods } from './graph.js'
import { RecordedConfig, type ConfigOptions, type ConfigRecord } from './recorded-config.js'
import { runtimeMethods, type RuntimeMethods } from './runtime.js'
import { tensorrtMethods, type TensorrtMethods } from './tensorrt.js'

/** The methods that are plain calls, by subject. */
export const subjects = {
  cpu: cpuMethods,
  gpu: gpuMethods,
  tensorrt: tensorrtMethods,
  devices: deviceMethods,
  engines: engineMethods,
  graph: graphMethods,
  runtime: runtimeMethods,
} as const

interface ConfigMethods
  extends
    CpuMethods,
    GpuMethods,
    TensorrtMethods,
    DeviceMethods,
    EngineMethods,
    GraphMethods,
    RuntimeMethods {}

const Recorded = RecordedConfig as new (
  model?: string | ConfigRecord,
  params?: string,
  options?: ConfigOptions,
) => RecordedConfig & ConfigMethods

/**
 * `paddle.inference.Config`: what to load and how to run it. Every method of paddle's is here under its name in camelCase, with its
 * arguments in paddle's order. Setters check their arguments at once, record, and can be chained; each predictor's worker builds its own native
 * Config from the record, so one Config may serve many predictors. Reads are promises: paddle is asked, in a process of its own, what
 * it makes of the record so far.
 *
 * What the wheel lacks is told when a predictor is made, or the Config is read: CONFIG_UNSUPPORTED names the versions that have it.
 *
 * @example
 * const config = new Config('model/inference.pdmodel', 'model/inference.pdiparams')
 * config.setCpuMathLibraryNumThreads(2).enableMemoryOptim().passBuilder().deletePass('fc_fuse_pass')
 * console.log(await config.summary())
 */
export class Config extends Recorded {}
for (const table of Object.values(subjects)) defineMethods(Config, table)

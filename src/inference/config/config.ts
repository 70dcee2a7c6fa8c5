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
 * `paddle.inference.Config`: what to load and how to run it. It has every method of paddle's Config, named in
 * camelCase, with the arguments in paddle's order. Setters check their arguments, record the call, and can be
 * chained; each worker builds its own native Config from the record, so one Config can serve many predictors.
 * Reads return promises: they apply the record so far to a native Config in its own process and read from
 * that.
 *
 * Methods that the wheel does not support fail when a predictor is created or the Config is read:
 * CONFIG_UNSUPPORTED lists the versions that support them.
 *
 * @example
 * const config = new Config('model/inference.pdmodel', 'model/inference.pdiparams')
 * config.setCpuMathLibraryNumThreads(2).enableMemoryOptim().passBuilder().deletePass('fc_fuse_pass')
 * console.log(await config.summary())
 */
export class Config extends Recorded {}
for (const table of Object.values(subjects)) defineMethods(Config, table)

import { checkInteger, checkNames, wrongType, wrongValue } from '../errors.js'
import { Config } from './config.js'

/** What every wait takes. */
export interface WaitOptions {
  /** Ends the work: it is rejected with ABORTED. */
  readonly signal?: AbortSignal | undefined
  /** The longest time to take, in milliseconds; then it is rejected with TIMEOUT. @default none */
  readonly timeoutMs?: number | undefined
}

/** How a predictor is started. */
export interface StartOptions extends WaitOptions {
  /**
   * The Python to use. @default `PADDLE_TS_PYTHON`, else the managed one
   */
  readonly python?: string | undefined
}

/** The short form of a Config. */
export interface PredictorOptions extends StartOptions {
  /** A model folder, a prefix (`model/inference`) or the program's file. */
  readonly model: string
  /** The file of the parameters. @default beside the program */
  readonly params?: string | undefined
  /** Threads that one run may use. @default 1 */
  readonly cpuThreads?: number | undefined
  /** `cpu`, `gpu`, or `gpu:N`. @default 'cpu' */
  readonly device?: string | undefined
}

/** The names of {@link StartOptions}. */
export const startOptionNames = ['python', 'signal', 'timeoutMs']

const names = ['model', 'params', 'cpuThreads', 'device', ...startOptionNames]

/** GPU memory that is taken at the start, in MiB, as paddle's tutorials have it. */
const GPU_POOL_MB = 1000

/** The Config that the options stand for. */
export function toConfig(options: PredictorOptions): Config {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw wrongType('options', 'a Config or an options object', options)
  }
  checkNames(options, names)
  const config = new Config()
  config.setModel(options.model, options.params)
  const { device = 'cpu', cpuThreads } = options
  const gpu = /^gpu(?::(\d+))?$/.exec(device)
  if (gpu) config.enableUseGpu(GPU_POOL_MB, Number(gpu[1] ?? 0))
  else if (device === 'cpu') config.disableGpu()
  else throw wrongValue('device', '`cpu`, `gpu` or `gpu:N`', device)
  if (cpuThreads !== undefined) {
    checkInteger('cpuThreads', cpuThreads, 1)
    config.setCpuMathLibraryNumThreads(cpuThreads)
  }
  return config.enableMemoryOptim()
}

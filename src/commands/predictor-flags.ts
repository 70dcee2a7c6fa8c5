import type { PredictorOptions, TensorRtOptions } from '../inference/index.js'
import { countValue, orAuto, switchValue, textValue } from './flag-values.js'

/** The flags that say how a predictor runs, one for each of its options. */
export interface PredictorFlags {
  readonly device?: string | undefined
  readonly gpuMemoryMb?: number | undefined
  readonly cpuThreads?: number | 'auto' | undefined
  readonly oneDnn?: 'auto' | boolean | undefined
  readonly oneDnnCacheCapacity?: number | undefined
  readonly precision?: string | undefined
  readonly tensorRt?: boolean | undefined
  readonly trtWorkspaceSize?: number | undefined
  readonly trtMaxBatchSize?: number | undefined
  readonly trtMinSubgraphSize?: number | undefined
  readonly trtPrecision?: string | undefined
  readonly trtUseStatic?: boolean | undefined
  readonly trtUseCalibMode?: boolean | undefined
  readonly trtCollectShapes?: string | undefined
  readonly trtTunedShapes?: string | undefined
  readonly openVino?: boolean | undefined
  readonly onnxRuntime?: boolean | undefined
  readonly cinn?: boolean | undefined
  readonly irOptim?: boolean | undefined
  readonly deletePass?: readonly string[] | undefined
  readonly optimizationLevel?: number | undefined
  readonly newIr?: boolean | undefined
  readonly newExecutor?: boolean | undefined
  readonly memoryOptim?: boolean | undefined
  readonly optimCacheDir?: string | undefined
  readonly profile?: boolean | undefined
  readonly strict?: boolean | undefined
  readonly prepare?: string | undefined
}

const group = 'How the network runs:'

/** The flags as yargs takes them. */
export const predictorFlags = {
  device: textOf('device', 'cpu, gpu, gpu:N, xpu:N, or a plugin’s NAME:N [default: cpu]'),
  'gpu-memory-mb': countOf('gpu-memory-mb', 1, 'GPU memory to take at the start, in MiB [default: 1000]'),
  'cpu-threads': {
    ...textOf('cpu-threads', 'Threads that one run may use: a number, or auto for all cores [default: 1]'),
    coerce: orAuto(countValue('cpu-threads', 1)),
  },
  'one-dnn': {
    ...switchOf(
      'one-dnn',
      'Compute with oneDNN: auto (unless the network fails with it), true or false [default: auto]',
    ),
    coerce: orAuto(switchValue('one-dnn')),
  },
  'one-dnn-cache-capacity': countOf(
    'one-dnn-cache-capacity',
    0,
    'Input shapes that oneDNN keeps [default: 10]',
  ),
  precision: textOf('precision', 'fp32, fp16 (GPU), bf16 or int8 [default: fp32]'),
  'tensor-rt': switchOf('tensor-rt', 'Hand what can be to TensorRT, on a GPU [default: false]'),
  'trt-workspace-size': countOf(
    'trt-workspace-size',
    0,
    'Memory that TensorRT may build in, in bytes [default: 1 GiB]',
  ),
  'trt-max-batch-size': countOf('trt-max-batch-size', 1, 'The most that a batch may hold [default: 1]'),
  'trt-min-subgraph-size': countOf(
    'trt-min-subgraph-size',
    1,
    'Fewer operators stay with paddle [default: 3]',
  ),
  'trt-precision': textOf('trt-precision', 'What TensorRT computes in [default: as --precision]'),
  'trt-use-static': switchOf('trt-use-static', 'Keep built engines in files [default: false]'),
  'trt-use-calib-mode': switchOf('trt-use-calib-mode', 'Calibrate int8 by runs [default: true]'),
  'trt-collect-shapes': textOf('trt-collect-shapes', 'File to write the shapes into that runs meet'),
  'trt-tuned-shapes': textOf('trt-tuned-shapes', 'File of collected shapes to use'),
  'open-vino': switchOf('open-vino', 'Hand the network to OpenVINO [default: false]'),
  'onnx-runtime': switchOf('onnx-runtime', 'Hand the network to ONNX Runtime [default: false]'),
  cinn: switchOf('cinn', 'Compile with CINN [default: false]'),
  'ir-optim': switchOf('ir-optim', 'Optimise the graph; --no-ir-optim: leave it as it is [default: true]'),
  'delete-pass': {
    type: 'string',
    array: true,
    requiresArg: true,
    group,
    describe: 'A pass to leave out of that; may be given several times',
  },
  'optimization-level': countOf(
    'optimization-level',
    0,
    'How much is optimised in the form of Paddle 3 [default: 2]',
  ),
  'new-ir': switchOf('new-ir', 'Run in the form of Paddle 3 [default: for .json]'),
  'new-executor': switchOf('new-executor', 'Run with the executor of Paddle 3 [default: for .json]'),
  'memory-optim': switchOf('memory-optim', 'Let intermediate tensors share memory [default: true]'),
  'optim-cache-dir': textOf(
    'optim-cache-dir',
    'Folder for what paddle optimised [default: beside the model]',
  ),
  profile: switchOf('profile', 'Measure operators [default: false]'),
  strict: switchOf(
    'strict',
    'Fail when something asked for cannot be had; --no-strict: warn [default: true]',
  ),
  prepare: textOf('prepare', 'FILE.py:FUNCTION to run on the native Config'),
} as const

/** The predictor's options that the flags stand for; only those that were given. */
export function predictorOptionsOf(flags: PredictorFlags): Omit<PredictorOptions, 'model'> {
  const { oneDnnCacheCapacity, deletePass, oneDnn } = flags
  const options = {
    device: flags.device,
    gpuMemoryMb: flags.gpuMemoryMb,
    cpuThreads: flags.cpuThreads,
    oneDnn:
      oneDnnCacheCapacity !== undefined && oneDnn !== false ? { cacheCapacity: oneDnnCacheCapacity } : oneDnn,
    precision: flags.precision as PredictorOptions['precision'],
    tensorRt: tensorRtOf(flags),
    openVino: flags.openVino,
    onnxRuntime: flags.onnxRuntime,
    cinn: flags.cinn,
    irOptim: flags.irOptim,
    passes: deletePass && { delete: deletePass },
    optimizationLevel: flags.optimizationLevel,
    newIr: flags.newIr,
    newExecutor: flags.newExecutor,
    memoryOptim: flags.memoryOptim,
    optimCacheDir: flags.optimCacheDir,
    profile: flags.profile,
    strict: flags.strict,
    prepare: flags.prepare,
  } satisfies Omit<PredictorOptions, 'model'>
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

/** Any of TensorRT's own flags asks for it. */
function tensorRtOf(flags: PredictorFlags): boolean | TensorRtOptions | undefined {
  const options = {
    workspaceSize: flags.trtWorkspaceSize,
    maxBatchSize: flags.trtMaxBatchSize,
    minSubgraphSize: flags.trtMinSubgraphSize,
    precision: flags.trtPrecision as TensorRtOptions['precision'],
    useStatic: flags.trtUseStatic,
    useCalibMode: flags.trtUseCalibMode,
    collectShapes: flags.trtCollectShapes,
    tunedShapes: flags.trtTunedShapes,
  } satisfies TensorRtOptions
  const given = Object.values(options).some((value) => value !== undefined)
  return flags.tensorRt === false || !given ? flags.tensorRt : options
}

/** What is wrong with flags that are right each by itself: the message, or `true`. */
export async function predictorFlagsTogether(
  flags: PredictorFlags & { readonly useGpu?: boolean | undefined },
): Promise<true | string> {
  const { useGpu, device } = flags
  if (useGpu !== undefined && device !== undefined && useGpu !== /^gpu\b/.test(device)) {
    return `--use-gpu ${useGpu} and --device ${device} contradict each other: give one of them.`
  }
  const { toConfig } = await import('../inference/index.js')
  const fromUseGpu = useGpu && device === undefined ? { device: 'gpu:0' } : {}
  try {
    toConfig({ model: '.', ...predictorOptionsOf(flags), ...fromUseGpu })
    return true
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return error.message
    throw error
  }
}

function switchOf(flag: string, describe: string) {
  return { type: 'string', group, describe, coerce: switchValue(flag) } as const
}

function countOf(flag: string, least: number, describe: string) {
  return { type: 'string', requiresArg: true, group, describe, coerce: countValue(flag, least) } as const
}

function textOf(flag: string, describe: string) {
  return { type: 'string', requiresArg: true, group, describe, coerce: textValue(flag) } as const
}

import { xpuForm } from '../../../inference/config/xpu-arguments.js'
import type { OneDnnOptions, PassOptions, PredictorOptions, XpuArguments } from '../../../inference/index.js'
import { oneDnnForm } from '../../../inference/options/one-dnn.js'
import { passForm } from '../../../inference/options/passes.js'
import { predictorForm } from '../../../inference/options/predictor-options.js'
import { always } from '../flag.js'
import { itemsValue, optionFlags } from '../option-flags.js'

/** Options without a flag here: those for programs only, and objects with flags of their own. */
type Others = 'model' | 'python' | 'signal' | 'onWarning' | 'passes' | 'xpu'

/**
 * Flags that change the last digits of results at most. The fingerprint contains the file of `params` itself.
 */
const changesAnswers = false

export const generalFlags = optionFlags<Omit<PredictorOptions, Others>>(
  'How the network runs:',
  predictorForm,
  {
    params: { describe: 'File of the model’s parameters [default: beside the program]', changesAnswers },
    device: { describe: 'cpu, gpu, gpu:N, xpu:N, ipu, or a plugin’s NAME:N', common: true },
    precision: { describe: 'fp32, fp16 (GPU), bf16 or int8', common: true },
    cpuThreads: {
      describe: 'Threads that one run may use; auto: all cores that the process may use [default: 1]',
      changesAnswers,
      common: true,
    },
    oneDnn: 'Use oneDNN: true, false, or auto (unless the network fails with it)',
    gpuMemoryMb: { describe: 'GPU memory to allocate at the start, in MiB', changesAnswers },
    tensorRt: 'Run supported parts of the network with TensorRT, on a GPU',
    openVino: 'Run the network with OpenVINO',
    onnxRuntime: 'Run the network with ONNX Runtime',
    cinn: 'Compile with CINN',
    memoryOptim: { describe: 'Let intermediate tensors share memory', changesAnswers },
    irOptim: { describe: 'Optimise the graph', usual: true },
    optimizationLevel: 'Optimisation level of Paddle 3’s new IR, 0 to 2 [default: 2]',
    newIr: 'Run in Paddle 3’s new IR [default: for .json]',
    newExecutor: 'Run with Paddle 3’s new executor [default: for .json]',
    optimCacheDir: {
      describe: 'Folder where paddle stores what it optimised [default: beside the model]',
      changesAnswers,
    },
    profile: { describe: 'Profile the operators', changesAnswers },
    strict: { describe: 'Fail if a requested feature is unavailable; --no-strict: warn', changesAnswers },
    strictShapes: {
      describe: 'Fail if a tensor differs from a fixed dimension of the model, instead of warning',
      changesAnswers,
    },
    timeoutMs: {
      describe: 'Milliseconds that loading the model may take [default: no limit]',
      changesAnswers,
    },
    prepare: { describe: 'FILE.py:FUNCTION to call with the native Config', kind: 'path', runsCode: always },
  },
)

export const oneDnnFlags = optionFlags<OneDnnOptions>(
  'oneDNN (each of these flags enables it):',
  oneDnnForm,
  {
    cacheCapacity: { describe: 'Input shapes to cache; 0: all [default: 10]', changesAnswers },
    ops: 'Operators to run with oneDNN, comma-separated [default: all supported ones]',
    bf16Ops: 'Operators to run in bf16, comma-separated [default: all supported ones]',
    int8Ops: 'Operators to run in int8, comma-separated [default: all supported ones]',
    fcPasses: 'Fuse fully connected layers [default: true]',
  },
  (name) => `one-dnn-${name}`,
)

export const passFlags = optionFlags<PassOptions>(
  'Optimisation passes of the graph (each of these flags can be repeated):',
  passForm,
  {
    set: 'Run only these passes, comma-separated',
    delete: 'Passes to skip, comma-separated',
    insert: {
      describe: 'INDEX:PASS to insert before the pass at this index',
      several: true,
      coerce: itemsValue('insert-pass', 'INDEX:PASS', (item) => {
        const [, index, pass] = /^(\d+):(.+)$/.exec(item) ?? []
        return index === undefined || pass === undefined ? undefined : { index: Number(index), pass }
      }),
    },
    append: 'Passes to append, comma-separated',
    custom: 'Passes to add in Paddle 3’s new IR, comma-separated',
  },
  (name) => `${name}-pass`,
)

export const xpuFlags = optionFlags<XpuArguments>(
  'XPU:',
  xpuForm,
  {
    l3Size: 'L3 cache to use, in bytes [default: 16 MiB]',
    l3Locked: 'Reserve the L3 cache for this model [default: false]',
    convAutotune: 'Tune convolutions [default: false]',
    convAutotuneFile: 'File of the tuning results',
    transformerEncoderPrecision: 'Precision of transformer encoders [default: int16]',
    transformerEncoderAdaptiveSeqlen: 'Adapt to sequences of different lengths [default: false]',
    enableMultiStream: 'Use several streams [default: false]',
  },
  (name) => `xpu-${name}`,
)

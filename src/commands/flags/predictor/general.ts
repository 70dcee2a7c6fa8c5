import { xpuForm } from '../../../inference/config/xpu-arguments.js'
import type { OneDnnOptions, PassOptions, PredictorOptions, XpuArguments } from '../../../inference/index.js'
import { oneDnnForm } from '../../../inference/options/one-dnn.js'
import { passForm } from '../../../inference/options/passes.js'
import { predictorForm } from '../../../inference/options/predictor-options.js'
import { always } from '../flag.js'
import { itemsValue, optionFlags } from '../option-flags.js'

/** What a program gives, and what is an object with flags of its own. */
type Others = 'model' | 'python' | 'signal' | 'onWarning' | 'passes' | 'xpu'

/** Of these, the answers are the same, but for their last digits at most; `params` is a file of the model. */
const changesAnswers = false

export const generalFlags = optionFlags<Omit<PredictorOptions, Others>>(
  'How the network runs:',
  predictorForm,
  {
    params: { describe: 'File of the parameters [default: beside the program]', changesAnswers },
    device: 'cpu, gpu, gpu:N, xpu:N, ipu, or a plugin’s NAME:N',
    precision: 'fp32, fp16 (GPU), bf16 or int8',
    cpuThreads: {
      describe: 'Threads that one run may use: a number, or auto for all cores [default: 1]',
      changesAnswers,
    },
    oneDnn: 'Compute with oneDNN: auto (unless the network fails with it), true or false',
    gpuMemoryMb: { describe: 'GPU memory to take at the start, in MiB', changesAnswers },
    tensorRt: 'Hand what can be to TensorRT, on a GPU',
    openVino: 'Hand the network to OpenVINO',
    onnxRuntime: 'Hand the network to ONNX Runtime',
    cinn: 'Compile with CINN',
    memoryOptim: { describe: 'Let intermediate tensors share memory', changesAnswers },
    irOptim: { describe: 'Optimise the graph', usual: true },
    optimizationLevel: 'How much is optimised in the form of Paddle 3, from 0 to 2 [default: 2]',
    newIr: 'Run in the form of Paddle 3 [default: for .json]',
    newExecutor: 'Run with the executor of Paddle 3 [default: for .json]',
    optimCacheDir: {
      describe: 'Folder for what paddle optimised [default: beside the model]',
      changesAnswers,
    },
    profile: { describe: 'Measure operators', changesAnswers },
    strict: { describe: 'Fail when something asked for cannot be had; --no-strict: warn', changesAnswers },
    timeoutMs: {
      describe: 'Milliseconds that loading the model may take [default: no limit]',
      changesAnswers,
    },
    prepare: { describe: 'FILE.py:FUNCTION to run on the native Config', kind: 'path', runsCode: always },
  },
)

export const oneDnnFlags = optionFlags<OneDnnOptions>(
  'oneDNN; each of them turns it on:',
  oneDnnForm,
  {
    cacheCapacity: { describe: 'Input shapes that it keeps; 0 for all [default: 10]', changesAnswers },
    ops: 'The only operators to use it, with commas [default: all that can]',
    bf16Ops: 'The only operators for bf16, with commas [default: all that can]',
    int8Ops: 'The only operators for int8, with commas [default: all that can]',
    fcPasses: 'Fuse fully connected layers for it [default: true]',
  },
  (name) => `one-dnn-${name}`,
)

export const passFlags = optionFlags<PassOptions>(
  'Passes, which optimise the graph; --insert-pass and the others may be given several times:',
  passForm,
  {
    set: 'Only these, with commas',
    delete: 'Passes to leave out, with commas',
    insert: {
      describe: 'INDEX:PASS, to add it before the one there',
      several: true,
      coerce: itemsValue('insert-pass', 'INDEX:PASS', (item) => {
        const [, index, pass] = /^(\d+):(.+)$/.exec(item) ?? []
        return index === undefined || pass === undefined ? undefined : { index: Number(index), pass }
      }),
    },
    append: 'Passes to add at the end, with commas',
    custom: 'Passes to add in the form of Paddle 3, with commas',
  },
  (name) => `${name}-pass`,
)

export const xpuFlags = optionFlags<XpuArguments>(
  'XPU:',
  xpuForm,
  {
    l3Size: 'L3 cache to use, in bytes [default: 16 MiB]',
    l3Locked: 'Keep it for this model alone [default: false]',
    convAutotune: 'Tune convolutions [default: false]',
    convAutotuneFile: 'File of what was tuned',
    transformerEncoderPrecision: 'What transformers compute in [default: int16]',
    transformerEncoderAdaptiveSeqlen: 'Fit to sequences of various lengths [default: false]',
    enableMultiStream: 'Use several streams [default: false]',
  },
  (name) => `xpu-${name}`,
)

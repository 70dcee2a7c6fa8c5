import type { PredictorOptions, RunningOptions, StartOptions } from '../../inference/index.js'
import { always } from '../flag.js'
import { countValue, orWord, switchValue } from '../flag-values.js'
import { countFlag, pathFlag, switchFlag, textFlag, wordFlag, type Flag, type FlagsOf } from './flag.js'

/** The options that are one value; those that are an object have flags of their own. */
type GeneralOptions = Omit<RunningOptions, 'oneDnn' | 'tensorRt' | 'passes' | 'xpu'> &
  Pick<StartOptions, 'strict' | 'prepare' | 'timeoutMs'> &
  Pick<PredictorOptions, 'params'> & {
    readonly oneDnn?: 'auto' | boolean | undefined
    readonly tensorRt?: boolean | undefined
  }

/** What networks compute in. */
export const precisions = ['fp32', 'fp16', 'bf16', 'int8'] as const

const oneDnn: Flag<'auto' | boolean> = {
  ...switchFlag(
    'one-dnn',
    'Compute with oneDNN: auto (unless the network fails with it), true or false [default: auto]',
  ),
  parse: orWord('auto', switchValue('one-dnn')),
  words: ['auto', 'true', 'false'],
}

export const generalFlags: FlagsOf<GeneralOptions> = {
  params: pathFlag('params', 'File of the parameters [default: beside the program]'),
  device: textFlag('device', 'cpu, gpu, gpu:N, xpu:N, ipu, or a plugin’s NAME:N [default: cpu]'),
  precision: wordFlag('precision', 'fp32, fp16 (GPU), bf16 or int8 [default: fp32]', precisions),
  cpuThreads: {
    ...countFlag(
      'cpu-threads',
      1,
      'Threads that one run may use: a number, or auto for all cores [default: 1]',
    ),
    parse: orWord('auto', countValue('cpu-threads', 1)),
    words: ['auto'],
  },
  oneDnn,
  gpuMemoryMb: countFlag('gpu-memory-mb', 1, 'GPU memory to take at the start, in MiB [default: 1000]'),
  tensorRt: switchFlag('tensor-rt', 'Hand what can be to TensorRT, on a GPU [default: false]'),
  openVino: switchFlag('open-vino', 'Hand the network to OpenVINO [default: false]'),
  onnxRuntime: switchFlag('onnx-runtime', 'Hand the network to ONNX Runtime [default: false]'),
  cinn: switchFlag('cinn', 'Compile with CINN [default: false]'),
  memoryOptim: switchFlag('memory-optim', 'Let intermediate tensors share memory [default: true]'),
  irOptim: switchFlag('ir-optim', 'Optimise the graph [default: true]'),
  optimizationLevel: countFlag(
    'optimization-level',
    0,
    'How much is optimised in the form of Paddle 3, from 0 to 2 [default: 2]',
  ),
  newIr: switchFlag('new-ir', 'Run in the form of Paddle 3 [default: for .json]'),
  newExecutor: switchFlag('new-executor', 'Run with the executor of Paddle 3 [default: for .json]'),
  optimCacheDir: pathFlag('optim-cache-dir', 'Folder for what paddle optimised [default: beside the model]'),
  profile: switchFlag('profile', 'Measure operators [default: false]'),
  strict: switchFlag(
    'strict',
    'Fail when something asked for cannot be had; --no-strict: warn [default: true]',
  ),
  timeoutMs: countFlag('timeout-ms', 1, 'Milliseconds that loading the model may take [default: no limit]'),
  prepare: {
    ...pathFlag('prepare', 'FILE.py:FUNCTION to run on the native Config'),
    runsCode: always,
  },
}

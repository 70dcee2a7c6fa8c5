import { checkNames, wrongType, wrongValue } from '../../errors.js'
import type { ModelBuffers } from '../../model/index.js'
import { Config, type PrecisionType } from '../config/index.js'
import { flag, integer, isPlainObject, text } from '../config/params.js'
import { usableCores } from '../usable-cores.js'
import { as, switchOr, word, type Check, type Checks } from './checks.js'
import { checkDevice, parseDevice, type Device } from './device.js'
import { checkOneDnn, checkOperatorLists, useOneDnn } from './one-dnn.js'
import { checkPasses, usePasses } from './passes.js'
import { checkPrecision, checkTensorRt, precisionTypes, useTensorRt } from './tensor-rt.js'
import {
  predictorDefaults,
  type Precision,
  type PredictorOptions,
  type RunningOptions,
  type StartOptions,
} from './types.js'

const boolean = as((name) => flag(name))
const path = as((name) => text(name))

const anything: Check = () => undefined

const runningChecks: Checks<RunningOptions> = {
  device: checkDevice,
  gpuMemoryMb: as((name) => integer(name, 1)),
  // Its own names are checked by `enableXpu`.
  xpu: (name, value) => {
    if (!isPlainObject(value)) throw wrongType(name, 'an object of options', value)
  },
  cpuThreads: word(
    ['auto'],
    'a positive integer or `auto`',
    as((name) => integer(name, 1)),
  ),
  oneDnn: (name, value) => {
    if (typeof value === 'string' && value !== 'auto')
      throw wrongValue(name, '`auto`, a boolean or an object of options', value)
    if (typeof value !== 'string' && typeof value !== 'boolean') checkOneDnn(name, value)
  },
  precision: checkPrecision,
  tensorRt: switchOr('a boolean or an object of options', checkTensorRt),
  onnxRuntime: boolean,
  openVino: boolean,
  cinn: boolean,
  irOptim: boolean,
  passes: checkPasses,
  optimizationLevel: as((name) => integer(name, 0)),
  newIr: boolean,
  newExecutor: boolean,
  memoryOptim: boolean,
  optimCacheDir: path,
  profile: boolean,
}

const startChecks: Checks<StartOptions> = {
  // Those of a wait are checked where it begins.
  python: path,
  signal: anything,
  timeoutMs: anything,
  strict: boolean,
  onWarning: (name, value) => {
    if (typeof value !== 'function') throw wrongType(name, 'a function', value)
  },
  prepare: path,
}

const checks: Checks<PredictorOptions> = { model: anything, params: path, ...runningChecks, ...startChecks }

/** The names of the options that say how a predictor computes. */
export const runningOptionNames = Object.keys(runningChecks) as (keyof RunningOptions)[]

/** @throws TypeError or RangeError for a start option that cannot be used */
export function checkStartOptions(options: StartOptions): void {
  checkAll(options, startChecks)
}

function checkAll<Options extends object>(options: Options, known: Checks<Options>): void {
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) known[name as keyof Options](name, value)
  }
}

/**
 * The Config that the options stand for.
 *
 * @throws TypeError or RangeError for an option that cannot be used, or two that contradict each other
 */
export function toConfig(options: PredictorOptions): Config {
  if (!isPlainObject(options)) throw wrongType('options', 'a Config or an options object', options)
  checkNames(options, Object.keys(checks))
  checkAll(options, checks)
  const config = new Config(undefined, undefined, { python: options.python })
  setModel(config, options.model, options.params)
  const { cpuThreads } = options
  useDevice(config, options)
  if (cpuThreads !== undefined) {
    config.setCpuMathLibraryNumThreads(cpuThreads === 'auto' ? usableCores() : cpuThreads)
  }
  useEngines(config, options)
  useGraph(config, options)
  return config
}

function setModel(config: Config, model: string | ModelBuffers, params: string | undefined): void {
  if (!isPlainObject(model)) config.setModel(model as string, params)
  else {
    const { program, params: bytes } = model as ModelBuffers
    if (params !== undefined) throw wrongType('params', 'no path beside a model in memory', params)
    config.setModelBuffer(program, bytes)
  }
}

function useDevice(config: Config, options: RunningOptions): void {
  const { gpuMemoryMb = predictorDefaults.gpuMemoryMb, oneDnn = predictorDefaults.oneDnn } = options
  const { precision = predictorDefaults.precision, xpu } = options
  const device = parseDevice(options.device ?? predictorDefaults.device)
  checkTogether(device, options)
  switch (device.kind) {
    case 'cpu':
      config.disableGpu()
      useOneDnn(config, oneDnn, precision as 'fp32' | 'bf16' | 'int8')
      break
    case 'gpu':
      config.enableUseGpu(gpuMemoryMb, device.id, ...mixed(precision))
      break
    case 'xpu':
      config.enableXpu(xpu ?? {}).setXpuDeviceId(device.id)
      break
    case 'ipu':
      config.enableIpu()
      break
    case 'custom':
      config.enableCustomDevice(device.name, device.id, ...mixed(precision))
  }
}

/** The precision that a device mixes with float32; int8 is TensorRT's to do. */
function mixed(precision: Precision): [] | [PrecisionType] {
  return precision === 'fp32' || precision === 'int8' ? [] : [precisionTypes[precision]]
}

/** What each device can compute in. */
const precisionsOf: Readonly<Record<Device['kind'], readonly Precision[]>> = {
  cpu: ['fp32', 'bf16', 'int8'],
  gpu: ['fp32', 'fp16', 'bf16', 'int8'],
  xpu: ['fp32'],
  ipu: ['fp32'],
  custom: ['fp32', 'fp16', 'bf16'],
}

/** Throws for options that are right each by itself. */
function checkTogether(device: Device, options: RunningOptions): void {
  const { precision = predictorDefaults.precision, oneDnn, tensorRt = false } = options
  const on = `\`${options.device ?? predictorDefaults.device}\``
  const having = precisionsOf[device.kind]
  if (!having.includes(precision)) {
    throw wrongValue(
      'precision',
      `one of ${having.map((one) => `\`${one}\``).join(', ')}, which the device ${on} computes in,`,
      precision,
    )
  }
  if (device.kind === 'cpu' && precision !== 'fp32' && oneDnn === false) {
    throw wrongValue('oneDnn', `oneDNN, which the precision \`${precision}\` of a CPU needs,`, oneDnn)
  }
  if (device.kind !== 'cpu' && oneDnn !== undefined && oneDnn !== 'auto' && oneDnn !== false) {
    throw wrongValue('oneDnn', `\`auto\` or \`false\`, as the device ${on} has none,`, oneDnn)
  }
  if (typeof oneDnn === 'object') checkOperatorLists(oneDnn, precision)
  if (tensorRt !== false && device.kind !== 'gpu') {
    throw wrongValue(
      'device',
      '`gpu` or `gpu:N`, which `tensorRt` needs,',
      options.device ?? predictorDefaults.device,
    )
  }
  if (device.kind === 'gpu' && precision === 'int8' && tensorRt === false) {
    throw wrongValue('tensorRt', 'TensorRT, which the precision `int8` of a GPU needs,', tensorRt)
  }
  if (options.xpu !== undefined && device.kind !== 'xpu') {
    throw wrongValue(
      'device',
      '`xpu` or `xpu:N`, which `xpu` needs,',
      options.device ?? predictorDefaults.device,
    )
  }
}

function useEngines(config: Config, options: RunningOptions): void {
  const { tensorRt = false, precision = predictorDefaults.precision } = options
  if (tensorRt !== false) useTensorRt(config, tensorRt === true ? {} : tensorRt, precision)
  if (options.onnxRuntime) config.enableOnnxruntime()
  if (options.openVino) config.enableOpenvinoEngine(precisionTypes[precision])
  if (options.cinn) config.enableCinn()
}

function useGraph(config: Config, options: RunningOptions): void {
  const { irOptim, memoryOptim = predictorDefaults.memoryOptim, newIr, newExecutor, passes } = options
  if (irOptim !== undefined) config.switchIrOptim(irOptim)
  if (newIr !== undefined) config.enableNewIr(newIr)
  if (newExecutor !== undefined) config.enableNewExecutor(newExecutor)
  if (options.optimizationLevel !== undefined) config.setOptimizationLevel(options.optimizationLevel)
  if (options.optimCacheDir !== undefined) config.setOptimCacheDir(options.optimCacheDir)
  if (memoryOptim) config.enableMemoryOptim()
  if (options.profile) config.enableProfile()
  if (passes) usePasses(config, passes)
}

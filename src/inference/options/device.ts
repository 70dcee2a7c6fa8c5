import { wrongType, wrongValue } from '../../errors.js'
import { text, type Kind } from '../../options/index.js'
import { wording } from '../../wording.js'
import type { Config, PrecisionType } from '../config/index.js'
import { checkOperatorLists, useOneDnn } from './one-dnn.js'
import type { FilledRunningOptions, Precision } from './running-options.js'
import { precisionTypes } from './tensor-rt.js'

/** A requested device. */
interface Device {
  readonly kind: 'cpu' | 'gpu' | 'xpu' | 'ipu' | 'custom'
  /** The name as the user wrote it, without the index. */
  readonly name: string
  readonly id: number
}

const expected = '`cpu`, `gpu`, `gpu:N`, `xpu:N`, `ipu` or a plugin’s `NAME:N`'
const known = ['cpu', 'gpu', 'xpu', 'ipu'] as const

/** @throws TypeError or RangeError */
function parseDevice(device: string): Device {
  if (typeof device !== 'string') throw wrongType('device', expected, device)
  const [, name, number] = /^([a-z][\w-]*)(?::(\d{1,4}))?$/.exec(device) ?? []
  const kind = known.find((one) => one === name)
  const numberless = kind === 'cpu' || kind === 'ipu'
  // The device of a plugin requires an index, so that a misspelled name is rejected.
  if (name === undefined || (numberless ? number !== undefined : !kind && number === undefined)) {
    throw wrongValue('device', expected, device)
  }
  return { kind: kind ?? 'custom', name, id: Number(number ?? 0) }
}

export const devices: Kind<string> = {
  ...text,
  expected,
  check: (_, value) => {
    parseDevice(value as string)
    return value as string
  },
}

/** Records the device and the options that belong to it. */
export function useDevice(config: Config, options: FilledRunningOptions): void {
  const { gpuMemoryMb, oneDnn, precision, xpu } = options
  const device = parseDevice(options.device)
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

/** The precision that a device mixes with float32; TensorRT handles int8. */
function mixed(precision: Precision): [] | [PrecisionType] {
  return precision === 'fp32' || precision === 'int8' ? [] : [precisionTypes[precision]]
}

/** The precisions that each device supports. */
const precisionsOf: Readonly<Record<Device['kind'], readonly Precision[]>> = {
  cpu: ['fp32', 'bf16', 'int8'],
  gpu: ['fp32', 'fp16', 'bf16', 'int8'],
  xpu: ['fp32'],
  ipu: ['fp32'],
  custom: ['fp32', 'fp16', 'bf16'],
}

/** Throws for options that are valid on their own but not together. */
function checkTogether(device: Device, options: FilledRunningOptions): void {
  const { precision, oneDnn, tensorRt } = options
  const on = `\`${options.device}\``
  const having = precisionsOf[device.kind]
  if (!having.includes(precision)) {
    throw wrongValue(
      'precision',
      `one of ${having.map((one) => `\`${one}\``).join(', ')}, which the device ${on} supports,`,
      precision,
    )
  }
  if (device.kind === 'cpu' && precision !== 'fp32' && oneDnn === false) {
    throw wrongValue('oneDnn', `oneDNN, which the precision \`${precision}\` requires on a CPU,`, oneDnn)
  }
  if (device.kind !== 'cpu' && oneDnn !== 'auto' && oneDnn !== false) {
    throw wrongValue('oneDnn', `\`auto\` or \`false\`, as the device ${on} does not support oneDNN,`, oneDnn)
  }
  if (typeof oneDnn === 'object') checkOperatorLists(oneDnn, precision)
  if (tensorRt !== false && device.kind !== 'gpu') {
    throw wrongValue(
      'device',
      wording`\`gpu\` or \`gpu:N\`, which ${{ option: 'tensorRt' }} requires,`,
      options.device,
    )
  }
  if (device.kind === 'gpu' && precision === 'int8' && tensorRt === false) {
    throw wrongValue('tensorRt', 'TensorRT, which the precision `int8` requires on a GPU,', tensorRt)
  }
  if (options.xpu !== undefined && device.kind !== 'xpu') {
    throw wrongValue(
      'device',
      wording`\`xpu\` or \`xpu:N\`, as required by ${{ option: 'xpu' }},`,
      options.device,
    )
  }
}

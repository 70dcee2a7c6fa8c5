import { wrongType, wrongValue } from '../../errors.js'
import type { Check } from './checks.js'

/** A device that was asked for. */
export interface Device {
  readonly kind: 'cpu' | 'gpu' | 'xpu' | 'ipu' | 'custom'
  /** As the user wrote it, without the number. */
  readonly name: string
  readonly id: number
}

const expected = '`cpu`, `gpu`, `gpu:N`, `xpu:N`, `ipu` or a plugin’s `NAME:N`'
const known = ['cpu', 'gpu', 'xpu', 'ipu'] as const

/** @throws TypeError or RangeError */
export function parseDevice(device: string): Device {
  if (typeof device !== 'string') throw wrongType('device', expected, device)
  const [, name, number] = /^([a-z][\w-]*)(?::(\d{1,4}))?$/.exec(device) ?? []
  const kind = known.find((one) => one === name)
  const numberless = kind === 'cpu' || kind === 'ipu'
  // A plugin's device must come with its number: a slip of the pen is no device.
  if (name === undefined || (numberless ? number !== undefined : !kind && number === undefined)) {
    throw wrongValue('device', expected, device)
  }
  return { kind: kind ?? 'custom', name, id: Number(number ?? 0) }
}

export const checkDevice: Check = (_, value) => void parseDevice(value as string)

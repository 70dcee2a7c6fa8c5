/** Whether the answers to control calls have the form that was agreed on (`protocol.ts`). */
import { errorCodes } from '../errors.js'
import { isRecord, parseJson } from '../json.js'
import { isFailure } from './check-reply.js'
import type { ControlReply, Description, EffectiveState, Hello, TensorInfo } from './protocol.js'

/** The reply that a text is; undefined when it is none. */
export function parseControlReply(text: unknown): ControlReply | undefined {
  const reply = typeof text === 'string' ? parseJson(text) : undefined
  if (!isRecord(reply)) return undefined
  if (reply['ok'] === true && 'value' in reply) return { ok: true, value: reply['value'] }
  return reply['ok'] === false && isFailure(reply['error']) ? { ok: false, error: reply['error'] } : undefined
}

export function isHello(value: unknown): value is Hello {
  return isRecord(value) && hasTypes(value, { paddle: 'string', python: 'string' })
}

export function isDescription(value: unknown): value is Description {
  if (!isRecord(value)) return false
  const { inputs, outputs, state, warnings } = value
  return (
    isListOf(inputs, isTensorInfo) &&
    isListOf(outputs, isTensorInfo) &&
    isRecord(state) &&
    hasTypes(state, stateTypes) &&
    precisions.includes(state['precision'] as string) &&
    isListOf(warnings, isWarning)
  )
}

const stateTypes: Readonly<Record<keyof EffectiveState, string>> = {
  device: 'string',
  oneDnn: 'boolean',
  oneDnnInt8: 'boolean',
  tensorRt: 'boolean',
  openVino: 'boolean',
  precision: 'string',
  irOptim: 'boolean',
  newIr: 'boolean',
  memoryOptim: 'boolean',
  cpuThreads: 'number',
}

const precisions: readonly string[] = ['fp32', 'fp16', 'bf16', 'int8'] satisfies EffectiveState['precision'][]

function isWarning({ code, message }: Record<string, unknown>): boolean {
  return typeof code === 'string' && Object.hasOwn(errorCodes, code) && typeof message === 'string'
}

export function isTensorInfo(info: Record<string, unknown>): boolean {
  const { shape } = info
  return (
    hasTypes(info, { name: 'string', dtype: 'string' } satisfies Partial<Record<keyof TensorInfo, string>>) &&
    Array.isArray(shape) &&
    shape.every((dimension) => Number.isSafeInteger(dimension))
  )
}

export function hasTypes(value: Record<string, unknown>, types: Readonly<Record<string, string>>): boolean {
  return Object.entries(types).every(([name, type]) => typeof value[name] === type)
}

export function isListOf(list: unknown, isItem: (item: Record<string, unknown>) => boolean): boolean {
  return Array.isArray(list) && list.every((item) => isRecord(item) && isItem(item))
}

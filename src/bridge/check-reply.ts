/**
 * Whether what a worker says has the form that was agreed on (`protocol.ts`). A worker may have been led astray by its model, so
 * nothing of it is believed unseen. Written by hand: it stands in the way of every run.
 */
import { dtypes } from '../tensor/index.js'
import type { AskReply, DoorbellReply, PlacedTensor, RunReply, WorkerFailure } from './protocol.js'

/** Bytes of an element: of those that a tensor can hold, and of those that paddle knows beside them. */
const widths: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  ...Object.entries(dtypes).map(([dtype, { bytes }]) => [dtype, bytes] as const),
  ['int16', 2],
  ['uint16', 2],
  ['uint32', 4],
  ['uint64', 8],
  ['complex64', 8],
  ['complex128', 16],
])

const alignment = 64

/** A text of the doorbell as an answer, or what is wrong with it. */
export function parseReply(text: string): DoorbellReply | { readonly problem: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: 'no answer' }
  }
  if (!isRecord(value)) return { problem: 'no answer' }
  if ('error' in value) {
    return isFailure(value['error']) ? { error: value['error'] } : { problem: 'an error without its parts' }
  }
  if ('value' in value) return checkAskReply(value['value'])
  return checkRunReply(value)
}

function checkAskReply(value: unknown): AskReply | { readonly problem: string } {
  return value === null || isCount(value) ? { value } : { problem: 'a value that is no number' }
}

function checkRunReply({ outputs, hooked, outputBytes }: Record<string, unknown>) {
  if (!Array.isArray(outputs) || !isCount(outputBytes)) return { problem: 'no answer' }
  for (const tensor of outputs as unknown[]) {
    if (!isPlaced(tensor, outputBytes)) return { problem: 'an output that cannot be' }
  }
  if (hooked === undefined) return { outputs: outputs as PlacedTensor[], outputBytes }
  if (!Array.isArray(hooked)) return { problem: 'no answer' }
  for (const tensor of hooked as unknown[]) {
    if (!isPlaced(tensor, outputBytes) || !isHooked(tensor)) return { problem: 'a tensor that cannot be' }
  }
  return { outputs, hooked, outputBytes } as RunReply
}

/** Whether it is a tensor that lies wholly within the first `end` bytes of a region. */
function isPlaced(tensor: unknown, end: number): tensor is Record<string, unknown> {
  if (!isRecord(tensor)) return false
  const { name, dtype, shape, offset, lod } = tensor
  const width = widths.get(dtype)
  if (typeof name !== 'string' || width === undefined || !Array.isArray(shape)) return false
  if (!isCount(offset) || offset % alignment !== 0 || offset > end) return false
  let count = 1
  for (const dimension of shape as unknown[]) {
    if (!isCount(dimension)) return false
    count *= dimension
  }
  // A product that is no safe integer is none that fits either.
  return count * width <= end - offset && (lod === undefined || isLod(lod))
}

function isHooked({ hook, operator }: Record<string, unknown>): boolean {
  return (hook === 'input' || hook === 'output') && typeof operator === 'string'
}

/** Whether it is lists of offsets; that paddle has made them fit the tensor is not asked for, they are only handed on. */
function isLod(lod: unknown): boolean {
  return Array.isArray(lod) && lod.every((level) => Array.isArray(level) && level.every(isCount))
}

export function isFailure(value: unknown): value is WorkerFailure {
  if (!isRecord(value)) return false
  const { code, type, message, traceback } = value
  const texts = typeof type === 'string' && typeof message === 'string' && typeof traceback === 'string'
  return texts && (code === null || typeof code === 'string')
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

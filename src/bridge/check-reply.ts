/**
 * Whether what a worker says has the form that was agreed on (`protocol.ts`). A worker may have been led astray by its model, so
 * nothing of it is believed unseen. Written by hand: it stands in the way of every run.
 */
import { isNullOr, isRecord, isRecordOf, isText, parseJson } from '../json.js'
import { dtypes } from '../tensor/index.js'
import type { AskReply, NeedReply, RunReply, WorkerFailure } from './protocol.js'

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

/** The answer to a run with where its last tensor ends: how far the region must reach. */
export interface PlacedReply extends RunReply {
  readonly end: number
}

export type DoorbellReply = PlacedReply | NeedReply | AskReply | { readonly error: WorkerFailure }

/** A text of the doorbell as an answer, or what is wrong with it. */
export function parseDoorbellReply(text: string): DoorbellReply | { readonly problem: string } {
  const value = parseJson(text)
  if (!isRecord(value)) return { problem: 'no answer' }
  if ('error' in value) {
    return isWorkerFailure(value['error'])
      ? { error: value['error'] }
      : { problem: 'an error without its parts' }
  }
  const { value: answer, need } = value
  if (need !== undefined) return isCount(need) ? { need } : { problem: 'a need that is no number' }
  if (answer === undefined) return checkRunReply(value)
  return answer === null || isCount(answer) ? { value: answer } : { problem: 'a value that is no number' }
}

function checkRunReply({ outputs, hooked = [] }: Record<string, unknown>) {
  if (!Array.isArray(outputs) || !Array.isArray(hooked)) return { problem: 'no answer' }
  if (!hooked.every(isHooked)) return { problem: 'no answer' }
  const tensors: unknown[] = outputs.concat(hooked)
  const end = tensors.reduce<number>((furthest, tensor) => Math.max(furthest, endOf(tensor)), 0)
  if (Number.isNaN(end)) return { problem: 'an output that cannot be' }
  return { outputs, hooked, end } as unknown as PlacedReply
}

/** Where a tensor ends in its region: what is no safe integer is beyond any region's end. NaN if it is no tensor. */
function endOf(tensor: unknown): number {
  if (!isRecord(tensor)) return NaN
  const { name, dtype, shape, offset, lod } = tensor
  const width = widths.get(dtype)
  if (typeof name !== 'string' || width === undefined || !Array.isArray(shape)) return NaN
  if (!isCount(offset) || offset % alignment !== 0 || !(lod === undefined || isLod(lod))) return NaN
  let count = 1
  for (const dimension of shape as unknown[]) count *= isCount(dimension) ? dimension : NaN
  return offset + count * width
}

function isHooked(tensor: unknown): boolean {
  if (!isRecord(tensor)) return false
  const { hook, operator } = tensor
  return (hook === 'input' || hook === 'output') && typeof operator === 'string'
}

/** Whether it is lists of offsets; that paddle has made them fit the tensor is not asked for, they are only handed on. */
function isLod(lod: unknown): boolean {
  return Array.isArray(lod) && lod.every((level) => Array.isArray(level) && level.every(isCount))
}

export const isWorkerFailure = isRecordOf<WorkerFailure>({
  code: isNullOr(isText),
  type: isText,
  message: isText,
  traceback: isText,
})

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

import { errorCodes } from '../errors.js'
import { isBoolean, isListOf, isNullOr, isNumber, isRecord, isRecordOf, isText, parseJson } from '../json.js'
import { dtypes } from '../tensor/index.js'
import type {
  AskReply,
  AskRequest,
  ControlReply,
  Description,
  EffectiveState,
  Hello,
  InspectReply,
  NeedReply,
  OneShotCalls,
  RunReply,
  RunRequest,
  TensorInfo,
  Versions,
  WorkerFailure,
} from './protocol.js'
import type { Region } from './region.js'

/**
 * Whether what a worker says has the form that was agreed on (`protocol.ts`). A worker may have been led astray by its model, so
 * nothing of it is believed unseen. Written by hand: it stands in the way of every run.
 */

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

const isWorkerFailure = isRecordOf<WorkerFailure>({
  code: isNullOr(isText),
  type: isText,
  message: isText,
  traceback: isText,
})

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** What is wrong with an answer to this request that is well-formed by itself; undefined when nothing is. */
export function replyMismatch(
  request: RunRequest | AskRequest,
  reply: PlacedReply | AskReply,
  lanes: readonly { readonly output: Region }[],
  outputs: readonly { readonly name: string }[],
): string | undefined {
  if ('ask' in request) return 'value' in reply ? undefined : 'the answer to a run instead of a value'
  if ('value' in reply) return 'a value instead of the answer to a run'
  const names = request.fetch ?? outputs.map(({ name }) => name)
  const asked = reply.outputs.length === names.length
  if (!asked || !reply.outputs.every(({ name }, index) => name === names[index])) {
    return 'other outputs than were asked for'
  }
  const size = lanes[request.lane]?.output.size ?? 0
  return reply.end <= size ? undefined : 'outputs that lie beyond the end of their memory'
}

/** Whether the answers to control calls have the form that was agreed on (`protocol.ts`). */

/** The reply that a text is; undefined when it is none. */
export function parseControlReply(text: unknown): ControlReply | undefined {
  const reply = typeof text === 'string' ? parseJson(text) : undefined
  if (!isRecord(reply)) return undefined
  if (reply['ok'] === true && 'value' in reply) return { ok: true, value: reply['value'] }
  return reply['ok'] === false && isWorkerFailure(reply['error'])
    ? { ok: false, error: reply['error'] }
    : undefined
}

export const isHello = isRecordOf<Hello>({ paddle: isText, python: isText })

const isTensorInfo = isRecordOf<TensorInfo>({
  name: isText,
  dtype: isText,
  shape: isListOf(Number.isSafeInteger),
})

const precisions: readonly unknown[] = [
  'fp32',
  'fp16',
  'bf16',
  'int8',
] satisfies EffectiveState['precision'][]

export const isDescription = isRecordOf<Description>({
  inputs: isListOf(isTensorInfo),
  outputs: isListOf(isTensorInfo),
  state: isRecordOf<EffectiveState>({
    device: isText,
    oneDnn: isBoolean,
    oneDnnInt8: isBoolean,
    tensorRt: isBoolean,
    openVino: isBoolean,
    precision: (value) => precisions.includes(value),
    irOptim: isBoolean,
    newIr: isBoolean,
    memoryOptim: isBoolean,
    cpuThreads: isNumber,
  }),
  warnings: isListOf(
    isRecordOf<Description['warnings'][number]>({
      code: (value) => isText(value) && Object.hasOwn(errorCodes, value),
      message: isText,
    }),
  ),
})

/** Whether the answers to one-off calls have the form that was agreed on (`OneShotCalls` of `protocol.ts`). */

const isNumbers = isListOf(isNumber)
const isNumberByName = (value: unknown): boolean => isRecord(value) && isNumbers(Object.values(value))
const ports = { inputs: isListOf(isTensorInfo), outputs: isListOf(isTensorInfo) }

/** By the names of the calls. */
const checks: {
  readonly [Name in keyof OneShotCalls]: (reply: unknown, request: OneShotCalls[Name]['request']) => boolean
} = {
  readConfig: (reply, { reads }) =>
    isRecord(reply) && Array.isArray(reply['values']) && reply['values'].length === reads.length,
  versions: isRecordOf<Versions>({
    ...{ paddle: isText, description: isText },
    ...{ trtCompile: isNumbers, trtRuntime: isNumbers },
  }),
  inspectModel: isRecordOf<InspectReply>({
    files: isListOf(isRecordOf<InspectReply['files'][number]>({ file: isText, bytes: isNumber })),
    writtenBy: isNullOr(isText),
    ...ports,
    operators: isNumberByName,
    parameters: isRecordOf<InspectReply['parameters']>({
      ...{ tensors: isNumber, elements: isNumber },
      bytes: isNumberByName,
    }),
  }),
  convertModel: isRecordOf<OneShotCalls['convertModel']['reply']>({
    ...{ operators: isNumber, params: isBoolean },
    ...ports,
  }),
}

/** Whether it is the reply to this call. */
export function isOneShotReply<Name extends keyof OneShotCalls>(
  name: Name,
  request: OneShotCalls[Name]['request'],
  value: unknown,
): value is OneShotCalls[Name]['reply'] {
  return checks[name](value, request)
}

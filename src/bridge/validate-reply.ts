import { errorCodes } from '../errors.js'
import { isBoolean, isListOf, isNullOr, isNumber, isRecord, isRecordOf, isText, parseJson } from '../json.js'
import { dtypes } from '../tensor/index.js'
import type {
  ControlReply,
  Description,
  EffectiveState,
  Hello,
  TensorInfo,
  WorkerFailure,
} from './protocol/control.js'
import type { AskReply, AskRequest, NeedReply, RunReply, RunRequest } from './protocol/runs.js'
import type { InspectReply, OneShotCalls, Versions } from './protocol/one-shot.js'
import type { Region } from './region.js'

/**
 * Checks that replies of a worker conform to the protocol (`protocol`). A model may have corrupted its
 * worker, so no reply is trusted. Written by hand for speed, because every run passes through it.
 */

/** Bytes per element, for the dtypes of tensors and for paddle's other dtypes. */
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

/** The reply to a run with the end of its last tensor, which must be within the region. */
export interface PlacedReply extends RunReply {
  readonly end: number
}

export type RunChannelReply = PlacedReply | NeedReply | AskReply | { readonly error: WorkerFailure }

/** Parses a reply from the run channel, or describes what is wrong with it. */
export function parseRunChannelReply(text: string): RunChannelReply | { readonly problem: string } {
  const value = parseJson(text)
  if (!isRecord(value)) return { problem: 'an invalid reply' }
  if ('error' in value) {
    return isWorkerFailure(value['error']) ? { error: value['error'] } : { problem: 'an incomplete error' }
  }
  const { value: answer, need } = value
  if (need !== undefined) return isCount(need) ? { need } : { problem: 'a size that is not a number' }
  if (answer === undefined) return checkRunReply(value)
  return answer === null || isCount(answer) ? { value: answer } : { problem: 'a value that is not a number' }
}

function checkRunReply({ outputs, hooked = [] }: Record<string, unknown>) {
  if (!Array.isArray(outputs) || !Array.isArray(hooked)) return { problem: 'an invalid reply' }
  if (!hooked.every(isHooked)) return { problem: 'an invalid reply' }
  const tensors: unknown[] = outputs.concat(hooked)
  const end = tensors.reduce<number>((furthest, tensor) => Math.max(furthest, endOf(tensor)), 0)
  if (Number.isNaN(end)) return { problem: 'an invalid output' }
  return { outputs, hooked, end } as unknown as PlacedReply
}

/**
 * The end of a tensor in its region; an unsafe integer is beyond any region's end. NaN if it is not a tensor.
 */
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

/**
 * Whether it is a list of lists of offsets. Whether they fit the tensor is not checked, because they are only
 * passed on.
 */
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

/** The mismatch between a well-formed reply and its request; undefined if they match. */
export function replyMismatch(
  request: RunRequest | AskRequest,
  reply: PlacedReply | AskReply,
  lanes: readonly { readonly output: Region }[],
  outputs: readonly { readonly name: string }[],
): string | undefined {
  if ('ask' in request) return 'value' in reply ? undefined : 'the reply to a run instead of a value'
  if ('value' in reply) return 'a value instead of the reply to a run'
  const names = request.fetch ?? outputs.map(({ name }) => name)
  const asked = reply.outputs.length === names.length
  if (!asked || !reply.outputs.every(({ name }, index) => name === names[index])) {
    return 'other outputs than requested'
  }
  const size = lanes[request.lane]?.output.size ?? 0
  return reply.end <= size ? undefined : 'outputs beyond the end of their region'
}

/** Checks that replies to control calls conform to the protocol (`protocol`). */

/** Parses a control reply; undefined if it is invalid. */
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
  lodLevel: (value) => value === undefined || isCount(value),
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

/** Checks that replies to one-shot calls conform to the protocol (`OneShotCalls`). */

const isNumbers = isListOf(isNumber)
const isNumberByName = (value: unknown): boolean => isRecord(value) && isNumbers(Object.values(value))
const ports = { inputs: isListOf(isTensorInfo), outputs: isListOf(isTensorInfo) }

/** By the name of the call. */
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

/** Whether the value is a valid reply to this call. */
export function isOneShotReply<Name extends keyof OneShotCalls>(
  name: Name,
  request: OneShotCalls[Name]['request'],
  value: unknown,
): value is OneShotCalls[Name]['reply'] {
  return checks[name](value, request)
}

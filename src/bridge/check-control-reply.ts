/** Whether the answers to control calls have the form that was agreed on (`protocol.ts`). */
import { errorCodes } from '../errors.js'
import { isBoolean, isListOf, isNumber, isRecord, isRecordOf, isText, parseJson } from '../json.js'
import { isWorkerFailure } from './check-reply.js'
import type { ControlReply, Description, EffectiveState, Hello, TensorInfo } from './protocol.js'

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

export const isTensorInfo = isRecordOf<TensorInfo>({
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

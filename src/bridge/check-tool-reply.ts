/** Whether the answers to one-off calls have the form that was agreed on (`OneShotCalls` of `protocol.ts`). */
import { isBoolean, isListOf, isNullOr, isNumber, isRecord, isRecordOf, isText } from '../json.js'
import { isTensorInfo } from './check-control-reply.js'
import type { InspectReply, OneShotCalls, Versions } from './protocol.js'

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

/** Whether the answers to one-off calls have the form that was agreed on (`ToolCalls` of `protocol.ts`). */
import { hasTypes, isListOf, isTensorInfo } from './check-control-reply.js'
import { isRecord } from '../json.js'
import type { ToolCalls } from './protocol.js'

type Reply = Record<string, unknown>

/** By the names of the calls. */
const checks: {
  readonly [Name in keyof ToolCalls]: (reply: Reply, request: ToolCalls[Name]['request']) => boolean
} = {
  readConfig: ({ values }, { reads }) => Array.isArray(values) && values.length === reads.length,
  versions: (reply) =>
    hasTypes(reply, { paddle: 'string', description: 'string' }) &&
    isNumbers(reply['trtCompile']) &&
    isNumbers(reply['trtRuntime']),
  inspectModel: (reply) => {
    const { files, writtenBy, operators, parameters } = reply
    return (
      isListOf(files, (file) => hasTypes(file, { file: 'string', bytes: 'number' })) &&
      (writtenBy === null || typeof writtenBy === 'string') &&
      hasPorts(reply) &&
      isNumberByName(operators) &&
      isRecord(parameters) &&
      hasTypes(parameters, { tensors: 'number', elements: 'number' }) &&
      isNumberByName(parameters['bytes'])
    )
  },
  convertModel: (reply) => hasTypes(reply, { operators: 'number', params: 'boolean' }) && hasPorts(reply),
}

/** Whether it is the reply to this call. */
export function isToolReply<Name extends keyof ToolCalls>(
  name: Name,
  request: ToolCalls[Name]['request'],
  value: unknown,
): value is ToolCalls[Name]['reply'] {
  return isRecord(value) && checks[name](value, request)
}

function hasPorts({ inputs, outputs }: Reply): boolean {
  return isListOf(inputs, isTensorInfo) && isListOf(outputs, isTensorInfo)
}

function isNumberByName(value: unknown): boolean {
  return isRecord(value) && isNumbers(Object.values(value))
}

function isNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'number')
}

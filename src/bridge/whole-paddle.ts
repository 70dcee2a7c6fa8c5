import type { CreateRequest, ReadConfigRequest, ToolCalls } from './protocol.js'

/** Calls that may name what only the whole of paddle has: passes written in Python. */
const naming = /^(?:pass_builder\.|enable_custom_passes)/

/** Whether a predictor needs all of paddle: a function of the user's may use anything. */
export function needsWholePaddle({ calls, prepare }: Pick<CreateRequest, 'calls' | 'prepare'>): boolean {
  return prepare !== null || calls.some(({ methods }) => naming.test(methods[0] ?? ''))
}

/** The same of a one-off call. */
export function toolNeedsWholePaddle<Name extends keyof ToolCalls>(
  name: Name,
  request: ToolCalls[Name]['request'],
): boolean {
  if (name === 'readConfig') return needsWholePaddle({ ...(request as ReadConfigRequest), prepare: null })
  return name === 'convertModel'
}

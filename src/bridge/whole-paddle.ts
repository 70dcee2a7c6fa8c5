import type { CreateRequest, ReadConfigRequest, OneShotCalls } from './protocol.js'

/** Calls that may name what only the whole of paddle has: passes written in Python. */
const naming = /^(?:pass_builder\.|enable_custom_passes)/

/** Whether a predictor needs all of paddle: a function of the user's may use anything. */
export function needsFullPaddle({ calls, prepare }: Pick<CreateRequest, 'calls' | 'prepare'>): boolean {
  return prepare !== null || calls.some(({ methods }) => naming.test(methods[0] ?? ''))
}

/** The same of a one-off call. */
export function callNeedsFullPaddle<Name extends keyof OneShotCalls>(
  name: Name,
  request: OneShotCalls[Name]['request'],
): boolean {
  if (name === 'readConfig') return needsFullPaddle({ ...(request as ReadConfigRequest), prepare: null })
  return name === 'convertModel'
}

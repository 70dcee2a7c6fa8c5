import { abortedBy, checkNames, wrongType, wrongValue } from '../errors.js'
import type { WaitOptions } from './options.js'

/** Throws when the options of a wait cannot be used, or its signal has fired already. */
export function checkWait(options: WaitOptions, names: readonly string[], what: string): void {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw wrongType('options', 'an options object', options)
  }
  checkNames(options, names)
  const { signal, timeoutMs } = options
  checkSignal('signal', signal)
  if (timeoutMs !== undefined) {
    if (typeof timeoutMs !== 'number') throw wrongType('timeoutMs', 'a positive number', timeoutMs)
    if (!(timeoutMs > 0)) throw wrongValue('timeoutMs', 'a positive number', timeoutMs)
  }
  if (signal?.aborted) throw abortedBy(signal, what)
}

/** Throws unless it is left out or an AbortSignal. */
export function checkSignal(name: string, value: unknown): void {
  if (value !== undefined && !isAbortSignal(value)) throw wrongType(name, 'an AbortSignal', value)
}

function isAbortSignal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value
}

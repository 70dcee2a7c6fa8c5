import { counted } from '../../wording.js'
import type { Loading } from './examine-model.js'

/** What the wheel does with the model, in lines. */
export function describeLoading(loading: Loading): string[] {
  if (!loading.ok) return [...`fails: ${loading.message}`.split('\n'), `[${loading.code}]`]
  const { paddle, device, cpuThreads, oneDnnFailure, warnings } = loading
  const oneDnn = loading.oneDnn
    ? 'oneDNN on'
    : `oneDNN off${oneDnnFailure === undefined ? '' : ' (see below)'}`
  const parts = [
    device,
    oneDnn,
    loading.precision,
    counted(cpuThreads, 'thread'),
    ...(loading.tensorRt ? ['TensorRT'] : []),
    ...(loading.irOptim ? [] : ['graph not optimised']),
  ]
  return [
    `paddle ${paddle} loads it: ${parts.join(', ')}`,
    ...warnings.flatMap(({ code, message }) => [...message.split('\n'), `[${code}]`]),
  ]
}

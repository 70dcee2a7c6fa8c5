import { checkInteger, checkNames, wrongType, wrongValue } from '../errors.js'
import {
  checkPoolOptions,
  checkSignal,
  checkWait,
  pickPoolOptions,
  poolOptionNames,
  predictorOptionNames,
  usableCores,
} from '../inference/index.js'
import type { BatchOptions, ImageTaskOptions, TaskOptions } from './options.js'

/** What a batch holds unless it is told otherwise: larger ones are hardly faster, and take longer until their first answer. */
export const defaultBatchSize = 8

export const defaultMaxDelayMs = 50

/** The names of {@link TaskOptions}. */
const taskOptionNames = [...poolOptionNames.filter((name) => name !== 'maxQueue'), ...predictorOptionNames]

const batchOptionNames = [
  ...['batchSize', 'maxDelayMs', 'signal', 'finish', 'timeoutMs', 'onProgress', 'onBatch'],
]

/** @throws TypeError or RangeError; `own` are the names of the options that the task has beside */
export function checkTaskOptions(options: TaskOptions<never>, own: readonly string[]): void {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw wrongType('options', 'an options object', options)
  }
  checkNames(options, [...own, ...taskOptionNames])
  checkPoolOptions(pickPoolOptions(options))
}

/** The names of what {@link ImageTaskOptions} has more. */
export const imageOptionNames = ['labels', 'autoOrient', 'maxPixels', 'exact']

/** @throws TypeError or RangeError */
export function checkImageOptions(options: ImageTaskOptions): void {
  checkPositiveInteger('maxPixels', options.maxPixels)
  checkBoolean('autoOrient', options.autoOrient)
  checkBoolean('exact', options.exact)
  const labels: unknown = options.labels
  const isList = Array.isArray(labels) && labels.every((label) => typeof label === 'string')
  if (labels !== undefined && typeof labels !== 'string' && !isList) {
    throw wrongType('labels', 'a list of names or the path of a file', labels)
  }
}

/** @throws TypeError or RangeError; `own` are the names of the options that the task has beside */
export function checkBatchOptions(options: BatchOptions, own: readonly string[], doing: string): void {
  checkWait(options, [...own, ...batchOptionNames], doing)
  checkPositiveInteger('batchSize', options.batchSize)
  checkDelay(options.maxDelayMs)
  checkSignal('finish', options.finish)
  checkFunction('onProgress', options.onProgress)
  checkFunction('onBatch', options.onBatch)
}

/** Preparing takes about as long as the network of a usual classifier: it gets half of the cores. */
export function workersFor({ workers = 'auto', cpuThreads }: TaskOptions<never>): number {
  if (workers !== 'auto') return workers
  const threads = typeof cpuThreads === 'number' ? cpuThreads : 1
  return Math.max(1, Math.floor(usableCores() / (2 * threads)))
}

/** Throws unless the option is left out or a positive integer. */
export function checkPositiveInteger(name: string, value: unknown): void {
  if (value !== undefined) checkInteger(name, value, 1)
}

/** Throws unless the option is left out or a number from 0 to 1. */
export function checkThreshold(value: unknown): void {
  if (value === undefined) return
  if (typeof value !== 'number') throw wrongType('threshold', 'a number from 0 to 1', value)
  if (!(value >= 0 && value <= 1)) throw wrongValue('threshold', 'a number from 0 to 1', value)
}

/** Throws unless the option is a function, or left out. */
export function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw wrongType(name, 'a function', value)
}

/** Throws unless the option is left out or a boolean. */
function checkBoolean(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') throw wrongType(name, 'a boolean', value)
}

function checkDelay(value: unknown): void {
  if (value === undefined) return
  if (typeof value !== 'number') throw wrongType('maxDelayMs', 'a number of milliseconds from 0 on', value)
  if (!(value >= 0)) throw wrongValue('maxDelayMs', 'a number of milliseconds from 0 on', value)
}

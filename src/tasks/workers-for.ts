import { usableCores } from '../inference/index.js'
import type { TaskOptions } from './options.js'

/** Preparing takes about as long as the network of a usual classifier: it gets half of the cores. */
export function defaultWorkers({ workers = 'auto', cpuThreads }: TaskOptions<never>): number {
  if (workers !== 'auto') return workers
  const threads = typeof cpuThreads === 'number' ? cpuThreads : 1
  return Math.max(1, Math.floor(usableCores() / (2 * threads)))
}

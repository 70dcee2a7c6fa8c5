import { AsyncResource } from 'node:async_hooks'
import type { PaddleError } from '../../errors.js'

/** A worker's process: its place in the pool, from 0, and its number in the system. */
interface AtWorker {
  readonly worker: number
  readonly pid: number | undefined
}

/** A worker is ready. */
export interface WorkerStartEvent extends AtWorker {
  readonly type: 'workerStart'
  /** How long its start took, in milliseconds. */
  readonly startMs: number
}

/** A worker has ended, or could not be started. */
export interface WorkerExitEvent extends AtWorker {
  readonly type: 'workerExit'
  /** How many runs it has answered. */
  readonly runs: number
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** Whether the pool has ended it: it was closed, or the worker renewed. */
  readonly expected: boolean
  /** In a pool of several models: the one that it ran when it ended. */
  readonly model?: string
  /** Why a worker could not be started, or was ended before its time. */
  readonly error: PaddleError | undefined
}

/** A run whose worker ended is given to another one. */
export interface RetryEvent extends AtWorker {
  readonly type: 'retry'
  /** Which attempt follows: 2 after the first, up to `retries` + 1. */
  readonly attempt: number
  readonly retries: number
  /** In a pool of several models: the one that is run. */
  readonly model?: string
  /** What ended the attempt. */
  readonly error: PaddleError
}

/** A worker is renewed: another one takes its place as soon as it is ready. */
export interface RecycleEvent extends AtWorker {
  readonly type: 'recycle'
  /** `stuckWrites`: all its places are kept by the `write` of runs that were given up and do not end. */
  readonly reason: 'maxRssMb' | 'maxRunsPerWorker' | 'stuckWrites'
  /** How many runs it has answered. */
  readonly runs: number
  /** The memory that it has in use, in bytes; Linux only. */
  readonly rssBytes: number | undefined
}

/** What happens to the workers of a pool. */
export type PoolEvent = WorkerStartEvent | WorkerExitEvent | RetryEvent | RecycleEvent

export type PoolEventListener = (event: PoolEvent) => void

/** Calls a listener in the async context that it was passed in, whichever run caused the event. Its exceptions are not the pool's. */
export function emitter<E>(listener: ((event: E) => void) | undefined): (event: E) => void {
  if (!listener) return () => undefined
  const tell = AsyncResource.bind(listener)
  return (event) => {
    queueMicrotask(() => {
      tell(event)
    })
  }
}

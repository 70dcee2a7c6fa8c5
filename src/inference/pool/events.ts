import { AsyncResource } from 'node:async_hooks'
import type { PaddleError } from '../../errors.js'

/** A worker process: the index of its slot, from 0, and its process ID. */
interface AtWorker {
  readonly worker: number
  readonly pid: number | undefined
}

/** A worker is ready. */
export interface WorkerStartEvent extends AtWorker {
  readonly type: 'workerStart'
  /** How long the start took, in milliseconds. */
  readonly startMs: number
}

/** A worker has ended or failed to start. */
export interface WorkerExitEvent extends AtWorker {
  readonly type: 'workerExit'
  /** How many runs it completed. */
  readonly runs: number
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** Whether the pool ended it, because the pool was closed or the worker was recycled. */
  readonly expected: boolean
  /** The model that the worker was running, in a pool of several models. */
  readonly model?: string
  /**
   * Why the worker failed to start or was ended early, or how it died while it was idle. That of a worker that died
   * during a run is the error of the run.
   */
  readonly error: PaddleError | undefined
}

/** A run whose worker ended is retried on another worker. */
export interface RetryEvent extends AtWorker {
  readonly type: 'retry'
  /** The number of the next attempt: from 2 up to `retries` + 1. */
  readonly attempt: number
  readonly retries: number
  /** The model of the run, in a pool of several models. */
  readonly model?: string
  /** The error that ended the previous attempt. */
  readonly error: PaddleError
}

/** A worker is recycled: another worker replaces it as soon as that one is ready. */
export interface RecycleEvent extends AtWorker {
  readonly type: 'recycle'
  /** `stuckWrites`: abandoned runs whose `write` does not end hold all lanes of the worker. */
  readonly reason: 'maxRssMb' | 'maxRunsPerWorker' | 'stuckWrites'
  /** How many runs it completed. */
  readonly runs: number
  /** The resident memory of the worker in bytes; Linux only. */
  readonly rssBytes: number | undefined
}

/** An event in the life of a pool's workers. */
export type PoolEvent = WorkerStartEvent | WorkerExitEvent | RetryEvent | RecycleEvent

export type PoolEventListener = (event: PoolEvent) => void

/**
 * Calls the listener in the async context in which it was registered, not in that of the run that causes the
 * event. The pool does not catch its exceptions.
 */
export function emitter<E>(listener: ((event: E) => void) | undefined): (event: E) => void {
  if (!listener) return () => undefined
  const notify = AsyncResource.bind(listener)
  return (event) => {
    queueMicrotask(() => {
      notify(event)
    })
  }
}

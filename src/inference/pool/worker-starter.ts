import { runsPerWorker, type Death, type Lane } from '../../bridge/index.js'
import { PaddleError } from '../../errors.js'
import type { Opened, Place } from '../create-predictor.js'
import type { IdleClocks } from '../memory/idle-timeouts.js'
import { LanePool } from '../memory/lane-pool.js'
import type { FallbackListener } from '../worker/one-dnn-fallback.js'
import type { PoolEventListener, WorkerExitEvent } from './events.js'
import { PoolWorker } from './pool-worker.js'

/** What a slot needs to start workers. */
export interface StarterParts {
  /** The index of the slot in the pool, from 0. */
  readonly index: number
  /** Starts a worker. */
  readonly open: (place: Omit<Place, 'arena'>) => Promise<Opened>
  readonly emit: PoolEventListener
  /** The names of the models, in a pool of several models. */
  readonly names: readonly string[] | undefined
  /** The timeouts of runs that wait for the pool. */
  readonly clocks: IdleClocks
  /** Is called whenever the slot can take more runs, or can take none any more. */
  readonly changed: () => void
}

/**
 * Starts the workers of a slot, in new memory or in that of a worker that died, and emits events when they
 * start and end.
 */
export class WorkerStarter {
  readonly #parts: StarterParts
  readonly #healing: FallbackListener
  readonly #onSettled: (isAnswered: boolean) => void
  /** The memory of the last worker that died. */
  #lanes: LanePool | undefined
  #isClosing = false

  /**
   * @param onSettled - is called when a run or another request to one of the workers has settled
   * @param answered - the number of runs that the current worker has completed
   */
  constructor(parts: StarterParts, onSettled: (isAnswered: boolean) => void, answered: () => number) {
    this.#parts = parts
    this.#onSettled = onSettled
    this.#healing = {
      started: (pid, startMs) => {
        parts.emit({ type: 'workerStart', worker: parts.index, pid, startMs })
      },
      ended: ({ pid, diedAt }, { exitCode, signal }, expected) => {
        const how = { exitCode, signal, expected, error: undefined }
        this.#tellExit({ pid, runs: answered(), ...how, ...this.#modelAt(diedAt) })
      },
    }
  }

  get isClosing(): boolean {
    return this.#isClosing
  }

  /** Lets the first worker use existing lanes. */
  takeOver(lanes: readonly Lane[]): void {
    this.#keep(new LanePool(runsPerWorker, this.#parts.changed, lanes))
  }

  /** @throws PaddleError as `createPredictor` */
  async start(): Promise<PoolWorker> {
    const { index, open, emit, clocks, changed } = this.#parts
    const begun = performance.now()
    const lanes = this.#lanes ?? new LanePool(runsPerWorker, changed)
    this.#lanes = undefined
    try {
      lanes.replaceAbandoned()
      const place = { lanes, healing: this.#healing, clocks, onSettled: this.#onSettled }
      const { runner, predictors } = await open(place)
      const worker = new PoolWorker(runner, predictors, lanes)
      emit({ type: 'workerStart', worker: index, pid: runner.pid, startMs: performance.now() - begun })
      void runner.over.then((death) => {
        this.#ended(worker, death)
      })
      return worker
    } catch (error) {
      this.#keep(lanes)
      if (error instanceof PaddleError && !this.#isClosing) {
        const never = { pid: undefined, runs: 0, exitCode: null, signal: null }
        this.#tellExit({ ...never, expected: false, error })
      }
      throw error
    }
  }

  /** Starts no more workers; from now on, every exit is expected. */
  startClosing(): void {
    this.#isClosing = true
  }

  /** Frees the memory kept for the next worker. */
  close(): void {
    this.#lanes?.close()
  }

  #ended({ runner, lanes, isRetired }: PoolWorker, { exitCode, signal }: Death): void {
    const { pid, answered: runs, closedBy, diedAt, reason } = runner
    const isDue = isRetired && diedAt === undefined
    // If it died during a run, the run has the error.
    const isIdleDeath = diedAt === undefined && !isRetired && !this.#isClosing
    const hasDied = reason instanceof PaddleError && reason.code === 'WORKER_DIED'
    const error = isIdleDeath && hasDied ? reason : closedBy
    this.#tellExit({
      ...{ pid, runs, exitCode, signal, expected: isDue, error },
      ...this.#modelAt(diedAt),
    })
    if (isRetired) lanes.close()
    else this.#keep(lanes)
  }

  /** The name of a model, in a pool of several models. */
  #modelAt(index: number | undefined): { readonly model?: string } {
    const model = index === undefined ? undefined : this.#parts.names?.[index]
    return model === undefined ? {} : { model }
  }

  #tellExit(exit: Omit<WorkerExitEvent, 'type' | 'worker'>): void {
    const { index: worker, emit } = this.#parts
    emit({ type: 'workerExit', worker, ...exit, expected: exit.expected || this.#isClosing })
  }

  /** Keeps memory for the next worker; only one set is kept. */
  #keep(lanes: LanePool): void {
    if (this.#lanes || this.#isClosing) lanes.close()
    else this.#lanes = lanes
  }
}

import { rejectOnAbort } from '../../async/index.js'
import type { Lane, PlacedTensor } from '../../bridge/index.js'
import type { CheckedFeed } from '../io/feed-types.js'
import { placeFeeds, type Placed } from '../io/place-feeds.js'
import { detectDeadlock, WriteScope, type WriteSlots } from '../io/write-deadlock.js'
import { IdleWaits, waitingForOthers, type IdleClocks, type Limits } from './idle-timeouts.js'
import type { LanePool } from './lane-pool.js'

interface LaneFillerParts {
  readonly lanes: LanePool
  readonly clocks: IdleClocks
  /** The arena of the predictor or pool that the lanes belong to. */
  readonly memory: object
  /** The model, as error messages name it. */
  readonly title: string
  /** Throws if the worker was closed or has died. */
  readonly checkOpen: () => void
}

/** A lane that belongs to a run until it is released, and the feeds in it. */
export interface FilledLane {
  readonly lane: Lane
  readonly feeds: readonly PlacedTensor[]
}

/** Prepares runs for the worker: waits for a lane, and for the feeds to be written into it. */
export class LaneFiller implements WriteSlots {
  readonly #parts: LaneFillerParts
  readonly #waits: IdleWaits
  /** The scopes of runs whose feeds user code writes, by lane. */
  readonly #scopes = new Map<Lane, WriteScope>()

  constructor(parts: LaneFillerParts) {
    this.#parts = parts
    this.#waits = new IdleWaits(parts.clocks)
  }

  /**
   * Fills a lane with the feeds. Returns no promise if there is nothing to wait for, so that the run reaches
   * the worker before the caller continues.
   *
   * @throws PaddleError SHARED_MEMORY_FAILED, RUN_IN_WRITE, TIMEOUT, what `checkOpen` and a caller's `write`
   * throw, and the reason of `stop`
   */
  fill(feeds: readonly CheckedFeed[], limits: Limits): FilledLane | Promise<FilledLane> {
    const lane = this.#parts.lanes.takeFree()
    return lane
      ? this.#fillLane(lane, feeds, limits)
      : this.#waitForLane(limits).then((free) => this.#fillLane(free, feeds, limits))
  }

  #fillLane(lane: Lane, feeds: readonly CheckedFeed[], limits: Limits): FilledLane | Promise<FilledLane> {
    const { lanes, memory, checkOpen } = this.#parts
    const scope = feeds.some(({ isCallers }) => isCallers) ? new WriteScope(memory) : undefined
    if (scope) this.#scopes.set(lane, scope)
    const end = (): void => {
      scope?.end()
      this.#scopes.delete(lane)
    }
    let placed: Placed
    try {
      checkOpen()
      const place = (): Placed => placeFeeds(feeds, lane.input)
      placed = scope ? scope.run(place) : place()
      if (placed.writing.length === 0) limits.stop?.throwIfAborted()
    } catch (error) {
      end()
      lanes.abandon(lane, [])
      throw error
    }
    if (placed.writing.length > 0) return this.#written(lane, placed, limits).finally(end)
    end()
    return { lane, feeds: placed.tensors }
  }

  async #written(lane: Lane, { tensors, writing }: Placed, limits: Limits): Promise<FilledLane> {
    const { lanes, checkOpen } = this.#parts
    try {
      const written = Promise.all(writing)
      await this.#waits.wait({ what: 'Writing the feeds', addsUp: true }, limits, (leave) =>
        rejectOnAbort(written, leave),
      )
      checkOpen()
      limits.stop?.throwIfAborted()
      return { lane, feeds: tensors }
    } catch (error) {
      // Pending writes would otherwise overwrite the feeds of another run.
      lanes.abandon(lane, writing)
      throw error
    }
  }

  holders(): readonly (WriteScope | undefined)[] {
    return this.#parts.lanes.all.map((lane) => this.#scopes.get(lane))
  }

  /** Ends all waits. */
  end(reason: unknown): void {
    this.#waits.end(reason)
  }

  async #waitForLane(limits: Limits): Promise<Lane> {
    const { lanes, title, checkOpen } = this.#parts
    // `end` no longer reaches waits that start after it.
    checkOpen()
    return this.#waits.wait(waitingForOthers, limits, async (leave, giveUp) => {
      const stopDetecting = detectDeadlock(this, title, giveUp)
      try {
        return await lanes.wait(leave)
      } finally {
        stopDetecting()
      }
    })
  }
}

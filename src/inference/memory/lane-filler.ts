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
  /** Whose the lanes are, a predictor's or a pool's. */
  readonly memory: object
  /** The model, as errors name it. */
  readonly title: string
  /** Throws when the worker was closed or has died. */
  readonly checkOpen: () => void
}

/** A lane that is a run's until it is given back, and the feeds in it. */
export interface FilledLane {
  readonly lane: Lane
  readonly feeds: readonly PlacedTensor[]
}

/** Brings runs to where the worker can compute them: waits for a lane, and for their feeds to be written into it. */
export class LaneFiller implements WriteSlots {
  readonly #parts: LaneFillerParts
  readonly #waits: IdleWaits
  /** Of the runs whose feeds callers write, by their lanes. */
  readonly #scopes = new Map<Lane, WriteScope>()

  constructor(parts: LaneFillerParts) {
    this.#parts = parts
    this.#waits = new IdleWaits(parts.clocks)
  }

  /**
   * Not a promise where nothing has to be waited for, so that the run is in the worker's hands before the caller goes on.
   *
   * @throws PaddleError SHARED_MEMORY_FAILED, RUN_IN_WRITE, TIMEOUT, what `checkOpen` and a caller's `write` throw, and the reason of `stop`
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
      // What is still being written would go into the feeds of another run.
      lanes.abandon(lane, writing)
      throw error
    }
  }

  holders(): readonly (WriteScope | undefined)[] {
    return this.#parts.lanes.all.map((lane) => this.#scopes.get(lane))
  }

  /** Ends what waits. */
  end(reason: unknown): void {
    this.#waits.end(reason)
  }

  async #waitForLane(limits: Limits): Promise<Lane> {
    const { lanes, title, checkOpen } = this.#parts
    // What is over by now ends no more waits.
    checkOpen()
    return this.#waits.wait(waitingForOthers, limits, async (leave, giveUp) => {
      const forget = detectDeadlock(this, title, giveUp)
      try {
        return await lanes.wait(leave)
      } finally {
        forget()
      }
    })
  }
}

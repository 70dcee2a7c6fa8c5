import type { Feeds } from '../io/feed-types.js'
import type { Outputs } from '../io/outputs.js'

/** How long writing a batch's feeds took, and when it ended, in milliseconds. */
export interface WriteTimes {
  writing: number
  written: number
}

/** The steps before and after the run of a batch. */
export interface BatchSteps<Item, Value> {
  /** Whether the network takes one item at a time. */
  readonly oneByOne?: boolean
  feeds(batch: readonly Item[], times: WriteTimes): Feeds
  /** The value of each item of the batch; `undefined` when the outputs cannot be assigned to the items. */
  values(
    outputs: Outputs,
    batch: readonly Item[],
  ): readonly Value[] | undefined | Promise<readonly Value[] | undefined>
}

/** The value of an item, or the error that concerns this item only. */
export type Outcome<Value> =
  { readonly value: Value; readonly error?: never } | { readonly error: Error; readonly value?: never }

/** The time that a batch took, in milliseconds. */
export interface BatchTimes {
  /** Writing the feeds. */
  readonly writingMs: number
  /** The run of the network, including the transfer to the worker and back. */
  readonly inferenceMs: number
  /** Assigning the results to the items. */
  readonly postprocessMs: number
}

/** A batch that ran. */
export interface RanBatch<Value> {
  /** In the order of the items. */
  readonly outcomes: readonly Outcome<Value>[]
  readonly times: BatchTimes
}

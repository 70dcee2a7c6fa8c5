/**
 * Runs and questions. The other side is `python/paddle_worker/protocol/runs.py`.
 *
 * They go through the run channel, one line of JSON in each direction; tensors are in regions.
 */

/**
 * A tensor in a region, `offset` bytes from its start, row-major, little-endian. The region is the lane's, or
 * with `arena` the arena. A tensor of strings is not in a region, but in `strings`.
 */
export interface PlacedTensor {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly offset: number
  readonly lod?: readonly (readonly number[])[]
  readonly arena?: true
  readonly strings?: readonly string[]
}

export interface RunRequest {
  /** The index of the worker's predictor, in the order of creation. */
  readonly model: number
  readonly lane: number
  /** The size of the lane's input region. */
  readonly inputBytes: number
  /** The size of the arena; 0 if no feed is in it. */
  readonly arenaBytes: number
  /** The names of the outputs to return; null for all. */
  readonly fetch: readonly string[] | null
  readonly feeds: readonly PlacedTensor[]
}

export type HookKind = 'input' | 'output'

/** An input or output of an operator, as passed to a hook. */
export interface HookedTensor extends PlacedTensor {
  readonly hook: HookKind
  readonly operator: string
}

export interface RunReply {
  readonly outputs: readonly PlacedTensor[]
  /** The tensors for hooks, in the order of the calls; omitted if there are none. */
  readonly hooked?: readonly HookedTensor[]
}

/**
 * A preliminary reply to a run: the lane's output region must grow to `need` bytes. The worker waits for an
 * {@link OutputRoom}.
 */
export interface NeedReply {
  readonly need: number
}

/**
 * The size of the output region, sent under the ID of the run; less than needed if no more memory is
 * available.
 */
export interface OutputRoom {
  readonly outputBytes: number
}

/** A request to a predictor, other than a run. */
export interface AskRequest {
  readonly model: number
  readonly ask: 'clearIntermediateTensor' | 'tryShrinkMemory' | 'hookInputs' | 'hookOutputs'
}

export interface AskReply {
  readonly value: number | null
}

/**
 * What is said over the bridge. The other side of the same contract is `python/paddle_worker/protocol.py`.
 *
 * Control calls go through pythonia, each taking and returning one JSON text. Runs go over the doorbell, one JSON text a
 * line each way; the tensors themselves lie in the lane's regions.
 */
import type { ModelFormat } from '../model/index.js'

/** An argument of a recorded Config call. */
export type ConfigArgument = string | number | boolean | null | readonly ConfigArgument[]

/** What importing paddle in the worker told. */
export interface Hello {
  /** The wheel's version. */
  readonly paddle: string
}

export interface CreateRequest {
  readonly format: ModelFormat
  readonly program: string
  readonly params: string | null
  /** Calls on the native Config, by paddle's own method names, in order. */
  readonly calls: readonly (readonly [method: string, args: readonly ConfigArgument[]])[]
}

/** One input or output as the program declares it: `shape` has -1 where it is dynamic. */
export interface TensorInfo {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
}

export interface Description {
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
  readonly device: string
  readonly oneDnn: boolean
  readonly cpuThreads: number
}

export interface ServeRequest {
  /** Descriptors, as the worker knows them. */
  readonly doorbell: number
  readonly lanes: readonly { readonly input: number; readonly output: number }[]
}

/** The control calls: what each takes and gives. */
export interface ControlCalls {
  hello: { request: null; reply: Hello }
  create: { request: CreateRequest; reply: Description }
  serve: { request: ServeRequest; reply: never }
}

/** A tensor in a region, `offset` bytes from its start, row-major, little-endian. */
export interface PlacedTensor {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly offset: number
  readonly lod?: readonly (readonly number[])[]
}

export interface RunRequest {
  readonly id: number
  readonly lane: number
  /** The size of the lane's input region, which Node grows. */
  readonly inputBytes: number
  readonly feeds: readonly PlacedTensor[]
}

export interface RunReply {
  readonly id: number
  readonly outputs: readonly PlacedTensor[]
  /** The size of the lane's output region, which the worker grows. */
  readonly outputBytes: number
  readonly microseconds: number
}

/** An exception of the worker: `code` where the worker itself found the failure. */
export interface WorkerFailure {
  readonly code: string | null
  readonly type: string
  readonly message: string
  readonly traceback: string
}

export type DoorbellReply = RunReply | { readonly id: number; readonly error: WorkerFailure }
export type ControlReply =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: WorkerFailure }

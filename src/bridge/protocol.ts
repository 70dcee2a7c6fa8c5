/**
 * The protocol between Node and a worker. The other side of the contract is
 * `python/paddle_worker/protocol.py`.
 *
 * Control calls go through pythonia; each takes and returns one JSON text. Runs go through the doorbell, one
 * line of JSON in each direction; the tensors themselves are in the lane's regions.
 */
import type { ModelFormat } from '../model/index.js'

/**
 * An argument of a recorded Config call. Values that are not plain JSON, and all objects, are wrapped in a
 * tag.
 */
export type ConfigArgument =
  | string
  | number
  | boolean
  | null
  | readonly ConfigArgument[]
  | { readonly $set: readonly string[] }
  | { readonly $precision: string }
  | { readonly $dict: Readonly<Record<string, ConfigArgument>> }
  | { readonly $xpuConfig: Readonly<Record<string, ConfigArgument>> }
  | { readonly $distConfig: Readonly<Record<string, ConfigArgument>> }
  | { readonly $paddleTensor: Readonly<Record<string, ConfigArgument>> }

/** The first call: imports paddle. */
export interface HelloRequest {
  /** Whether to import all of paddle, rather than only the parts that a predictor on the CPU needs. */
  readonly whole: boolean
}

/** The reply after importing paddle. */
export interface Hello {
  /** The wheel's version. */
  readonly paddle: string
  /** The version of Python: `3.11.7`. */
  readonly python: string
}

/** A recorded call on the native Config. */
export interface RecordedCall {
  /** The name that the user called: `enableOnednn`, `passBuilder().appendPass`. */
  readonly name: string
  /**
   * Paddle's names of the method, newest first; `pass_builder.append_pass` calls the method of what the first
   * part returns.
   */
  readonly methods: readonly string[]
  readonly args: readonly ConfigArgument[]
  /** The wheels that have the method, for the error with other wheels: `paddle 3.2.2 and 3.3.1`. */
  readonly versions: string
}

/** The files of a model. */
interface ModelPaths {
  readonly format: ModelFormat
  /**
   * The program file; for a `__model__` with separate parameter files, their folder; for a model in memory,
   * its title in error messages.
   */
  readonly program: string
  readonly params: string | null
}

/** Reads from a native Config that is built for this request only. */
export interface ReadConfigRequest {
  /** Null if the Config has no model, or one in memory. */
  readonly files: ModelPaths | null
  readonly calls: readonly RecordedCall[]
  /** Each read happens after the first `after` calls. */
  readonly reads: readonly { readonly call: RecordedCall; readonly after: number }[]
}

/** What a native Config is built from. */
interface ConfigRequest extends ModelPaths {
  readonly calls: readonly RecordedCall[]
}

/**
 * A model in the memory of an inherited descriptor: the bytes of the program, then those of the parameters.
 */
interface ModelInMemory {
  readonly descriptor: number
  readonly programBytes: number
  readonly paramsBytes: number
}

export interface CreateRequest extends ConfigRequest {
  /** Replaces the files; `program` and `params` are then only titles. */
  readonly memory: ModelInMemory | null
  /** Skips the calls that enable oneDNN, and disables it. */
  readonly withoutOneDnn: boolean
  /** Whether a request that cannot be met is an error rather than a warning. */
  readonly strict: boolean
  /** A Python function that is called last with the native Config. */
  readonly prepare: { readonly file: string; readonly function: string } | null
}

/** An input or output as the program declares it; `shape` has -1 for a dynamic dimension. */
export interface TensorInfo {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
}

/** The effective settings of a predictor, read back from paddle. */
export interface EffectiveState {
  /** `cpu`, `gpu:N`, `xpu:N`, … */
  readonly device: string
  /** Whether oneDNN's kernels are used (`onednn_enabled`). */
  readonly oneDnn: boolean
  /** Whether oneDNN runs operators in int8 (`onednn_int8_enabled`). */
  readonly oneDnnInt8: boolean
  /** Whether parts of the network run in TensorRT (`tensorrt_engine_enabled`). */
  readonly tensorRt: boolean
  /** Whether the network runs in OpenVINO, if the wheel has it. */
  readonly openVino: boolean
  /**
   * The precision that the network computes in, if it differs from the model's. Paddle reports only that of
   * TensorRT, so otherwise this is the requested precision, if the device supports it.
   */
  readonly precision: 'fp32' | 'fp16' | 'bf16' | 'int8'
  /** Whether the graph is optimised (`ir_optim`). */
  readonly irOptim: boolean
  /** Whether the program runs in the form of Paddle 3 (`new_ir_enabled`); always false on 2.6. */
  readonly newIr: boolean
  /** Whether intermediate tensors share memory (from `summary`). */
  readonly memoryOptim: boolean
  /** Threads per operator (`cpu_math_library_num_threads`). */
  readonly cpuThreads: number
}

/** A problem that does not stop the work. */
interface WorkerWarning {
  readonly code: string
  readonly message: string
}

export interface Description {
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
  readonly state: EffectiveState
  readonly warnings: readonly WorkerWarning[]
}

export interface ServeRequest {
  /** Descriptor numbers in the worker process. */
  readonly doorbell: number
  readonly lanes: readonly { readonly input: number; readonly output: number }[]
  /** The arena. */
  readonly arena: number
}

/** The contents of a model's files; the model is not loaded. */
export interface InspectReply {
  readonly files: readonly { readonly file: string; readonly bytes: number }[]
  /** The version of paddle, if the program contains it: `3.3.1`; for a `.json`, `3.3`. */
  readonly writtenBy: string | null
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
  /** The number of operators per type, in descending order. */
  readonly operators: Readonly<Record<string, number>>
  readonly parameters: {
    readonly tensors: number
    readonly elements: number
    /** Per dtype. */
    readonly bytes: Readonly<Record<string, number>>
  }
}

interface ConvertRequest {
  readonly model: ModelPaths
  /** The folder to write to. */
  readonly folder: string
  /** The name of a temporary folder to create in it, in which the files are written first. */
  readonly staging: string
  readonly precision: 'fp16' | 'bf16'
  readonly backend: 'gpu' | 'xpu' | 'custom'
  readonly keepIoTypes: boolean
  readonly blackList: readonly string[]
  readonly whiteList: readonly string[]
}

interface ConvertReply {
  /** The number of operators that compute in the precision. */
  readonly operators: number
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
  /** Whether there is a parameters file. */
  readonly params: boolean
}

/** The versions of a wheel. */
export interface Versions {
  readonly paddle: string
  /** Version, commit and branch. */
  readonly description: string
  /** Zeros if the wheel has no TensorRT. */
  readonly trtCompile: readonly number[]
  readonly trtRuntime: readonly number[]
}

/**
 * The one-shot calls, each in its own process (`python/paddle_worker/tools.py`), with their requests and
 * replies.
 */
export interface OneShotCalls {
  /** Reads from a native Config: one value per read. */
  readConfig: { request: ReadConfigRequest; reply: { readonly values: readonly unknown[] } }
  /** The versions of the wheel. */
  versions: { request: null; reply: Versions }
  inspectModel: { request: ModelPaths; reply: InspectReply }
  convertModel: { request: ConvertRequest; reply: ConvertReply }
}

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

/** An input or output of an operator, as passed to a hook. */
export interface HookedTensor extends PlacedTensor {
  readonly hook: HookKind
  readonly operator: string
}

export type HookKind = 'input' | 'output'

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

/** An exception of the worker; `code` is set for failures that the worker itself detects. */
export interface WorkerFailure {
  readonly code: string | null
  readonly type: string
  readonly message: string
  readonly traceback: string
}

export type ControlReply =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: WorkerFailure }

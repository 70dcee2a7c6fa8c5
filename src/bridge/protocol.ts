/**
 * What is said over the bridge. The other side of the same contract is `python/paddle_worker/protocol.py`.
 *
 * Control calls go through pythonia, each taking and returning one JSON text. Runs go over the doorbell, one JSON text a
 * line each way; the tensors themselves lie in the lane's regions.
 */
import type { ModelFormat } from '../model/index.js'

/** An argument of a recorded Config call. What is no plain JSON there, and every object, goes under a tag. */
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

/** The first call: has paddle imported. */
export interface HelloRequest {
  /** Whether all of paddle is to be imported, rather than what a predictor on the CPU needs. */
  readonly whole: boolean
}

/** What importing paddle in the worker told. */
export interface Hello {
  /** The wheel's version. */
  readonly paddle: string
  /** Python's own version: `3.11.7`. */
  readonly python: string
}

/** A recorded call on the native Config. */
export interface RecordedCall {
  /** As the user wrote it: `enableOnednn`, `passBuilder().appendPass`. */
  readonly name: string
  /** Paddle's own names of the method, newest first; `pass_builder.append_pass` goes through what the first part gives. */
  readonly methods: readonly string[]
  readonly args: readonly ConfigArgument[]
  /** The wheels that have it, for the error of one that does not: `paddle 3.2.2 and 3.3.1`. */
  readonly versions: string
}

/** The files of a model. */
interface ModelPaths {
  readonly format: ModelFormat
  /** The program's file; for a `__model__` with separate parameter files, their folder; what errors call it where it comes in memory. */
  readonly program: string
  readonly params: string | null
}

/** What is asked of a native Config that is built for it alone. */
export interface ReadConfigRequest {
  /** Null where the Config has no model, or one in memory. */
  readonly files: ModelPaths | null
  readonly calls: readonly RecordedCall[]
  /** Each is made after that many of the calls. */
  readonly reads: readonly { readonly call: RecordedCall; readonly after: number }[]
}

/** What a native Config is built from. */
interface ConfigRequest extends ModelPaths {
  readonly calls: readonly RecordedCall[]
}

/** A model in an inherited descriptor's memory: the program's bytes, then those of the parameters. */
interface ModelInMemory {
  readonly descriptor: number
  readonly programBytes: number
  readonly paramsBytes: number
}

export interface CreateRequest extends ConfigRequest {
  /** Instead of the files that `program` and `params` then only name. */
  readonly memory: ModelInMemory | null
  /** Leaves out what turns oneDNN on, and turns it off. */
  readonly withoutOneDnn: boolean
  /** Whether what was asked for and is not to be had is an error rather than a warning. */
  readonly strict: boolean
  /** A Python function that is given the native Config last. */
  readonly prepare: { readonly file: string; readonly function: string } | null
}

/** One input or output as the program declares it: `shape` has -1 where it is dynamic. */
export interface TensorInfo {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
}

/** What a predictor turned out to be, read back from paddle. */
export interface EffectiveState {
  /** `cpu`, `gpu:N`, `xpu:N`, … */
  readonly device: string
  /** Whether oneDNN's kernels are used (`onednn_enabled`). */
  readonly oneDnn: boolean
  /** Whether oneDNN runs operators in int8 (`onednn_int8_enabled`). */
  readonly oneDnnInt8: boolean
  /** Whether parts of the network go to TensorRT (`tensorrt_engine_enabled`). */
  readonly tensorRt: boolean
  /** Whether the network goes to OpenVINO, where the wheel has it. */
  readonly openVino: boolean
  /**
   * What it computes in, where that is not as the model says. Paddle tells no more of it than TensorRT's, so it is what was asked
   * for, where the device has it.
   */
  readonly precision: 'fp32' | 'fp16' | 'bf16' | 'int8'
  /** Whether the graph is optimised (`ir_optim`). */
  readonly irOptim: boolean
  /** Whether the program runs in the form of Paddle 3 (`new_ir_enabled`); never on 2.6. */
  readonly newIr: boolean
  /** Whether intermediate tensors share memory (from `summary`). */
  readonly memoryOptim: boolean
  /** Threads that one run of an operator may use (`cpu_math_library_num_threads`). */
  readonly cpuThreads: number
}

/** Something that the user should know, and that did not stop the work. */
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
  /** Descriptors, as the worker knows them. */
  readonly doorbell: number
  readonly lanes: readonly { readonly input: number; readonly output: number }[]
  /** The memory that tensors are allocated in for any run. */
  readonly arena: number
}

/** What a model's files say, without its being loaded. */
export interface InspectReply {
  readonly files: readonly { readonly file: string; readonly bytes: number }[]
  /** The version of paddle, where the program says it: `3.3.1`, of a `.json` `3.3`. */
  readonly writtenBy: string | null
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
  /** How many of each type there are, the most frequent first. */
  readonly operators: Readonly<Record<string, number>>
  readonly parameters: {
    readonly tensors: number
    readonly elements: number
    /** By dtype. */
    readonly bytes: Readonly<Record<string, number>>
  }
}

interface ConvertRequest {
  readonly model: ModelPaths
  /** The folder to write into. */
  readonly folder: string
  /** The name of a folder to be made in it, in which the files are made. */
  readonly staging: string
  readonly precision: 'fp16' | 'bf16'
  readonly backend: 'gpu' | 'xpu' | 'custom'
  readonly keepIoTypes: boolean
  readonly blackList: readonly string[]
  readonly whiteList: readonly string[]
}

interface ConvertReply {
  /** How many operators now compute in the precision. */
  readonly operators: number
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
  /** Whether there is a file of parameters. */
  readonly params: boolean
}

/** What a wheel says of itself. */
export interface Versions {
  readonly paddle: string
  /** Version, commit and branch. */
  readonly description: string
  /** Zeros where the wheel has no TensorRT. */
  readonly trtCompile: readonly number[]
  readonly trtRuntime: readonly number[]
}

/** The one-off calls, each in a process of its own (`python/paddle_worker/tools.py`): what each takes and gives. */
export interface OneShotCalls {
  /** What a native Config says of itself: an answer for each read. */
  readConfig: { request: ReadConfigRequest; reply: { readonly values: readonly unknown[] } }
  /** What the wheel is. */
  versions: { request: null; reply: Versions }
  inspectModel: { request: ModelPaths; reply: InspectReply }
  convertModel: { request: ConvertRequest; reply: ConvertReply }
}

/**
 * A tensor in a region, `offset` bytes from its start, row-major, little-endian. The region is the lane's, or with `arena` the
 * arena. One of strings lies in no region: it brings them in `strings`.
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
  /** Which of the worker's predictors, by the order in which they were made. */
  readonly model: number
  readonly lane: number
  /** The size of the lane's input region. */
  readonly inputBytes: number
  /** The size of the arena; 0 when no feed lies there. */
  readonly arenaBytes: number
  /** The names of the outputs to read; null for all. */
  readonly fetch: readonly string[] | null
  readonly feeds: readonly PlacedTensor[]
}

/** What an operator took or gave, as a hook saw it. */
export interface HookedTensor extends PlacedTensor {
  readonly hook: HookKind
  readonly operator: string
}

export type HookKind = 'input' | 'output'

export interface RunReply {
  readonly outputs: readonly PlacedTensor[]
  /** What hooks saw, in the order in which they saw it; left out where they saw nothing. */
  readonly hooked?: readonly HookedTensor[]
}

/** Not yet the answer to a run: the lane's output region must have `need` bytes. The worker waits for an {@link OutputRoom}. */
export interface NeedReply {
  readonly need: number
}

/** The size of the output region, under the run's number; less than was needed where no more memory could be had. */
export interface OutputRoom {
  readonly outputBytes: number
}

/** What is asked of a predictor between runs. */
export interface AskRequest {
  readonly model: number
  readonly ask: 'clearIntermediateTensor' | 'tryShrinkMemory' | 'hookInputs' | 'hookOutputs'
}

export interface AskReply {
  readonly value: number | null
}

/** An exception of the worker: `code` where the worker itself found the failure. */
export interface WorkerFailure {
  readonly code: string | null
  readonly type: string
  readonly message: string
  readonly traceback: string
}

export type ControlReply =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: WorkerFailure }

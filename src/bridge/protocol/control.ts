/**
 * Control calls (`hello`, `create`, `serve`). The other side is `python/paddle_worker/protocol/control.py`.
 *
 * They go through pythonia; each takes and returns one JSON text.
 */
import type { ModelFormat } from '../../model/index.js'

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
export interface ModelPaths {
  readonly format: ModelFormat
  /**
   * The program file; for a `__model__` with separate parameter files, their folder; for a model in memory,
   * its title in error messages.
   */
  readonly program: string
  readonly params: string | null
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

/** A function of a Python file. */
interface Prepare {
  readonly file: string
  readonly function: string
}

export interface CreateRequest extends ConfigRequest {
  /** Replaces the files; `program` and `params` are then only titles. */
  readonly memory: ModelInMemory | null
  /** Skips the calls that enable oneDNN, and disables it. */
  readonly withoutOneDnn: boolean
  /** Whether a request that cannot be met is an error rather than a warning. */
  readonly strict: boolean
  /** A Python function that is called last with the native Config. */
  readonly prepare: Prepare | null
}

/** An input or output as the program declares it; `shape` has -1 for a dynamic dimension. */
export interface TensorInfo {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  /**
   * The number of LoD levels that a feed must have. Omitted if the program declares none, as every `.json`
   * does: the format of Paddle 3 has no place for it.
   */
  readonly lodLevel?: number
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

/** The descriptors of a run's memory: Node writes `input`, the worker `output`; Node grows both. */
interface ServeLane {
  readonly input: number
  readonly output: number
}

export interface ServeRequest {
  /** Descriptor numbers in the worker process. */
  readonly runChannel: number
  readonly lanes: readonly ServeLane[]
  /** The arena. */
  readonly arena: number
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

/** One-shot calls, each in a process of its own. The other side is `python/paddle_worker/protocol/one_shot.py`. */
import type { ModelPaths, RecordedCall, TensorInfo } from './control.js'

/** A getter, called after the first `after` calls. */
interface ConfigRead {
  readonly call: RecordedCall
  readonly after: number
}

/** Reads from a native Config that is built for this request only. */
export interface ReadConfigRequest {
  /** Null if the Config has no model, or one in memory. */
  readonly files: ModelPaths | null
  readonly calls: readonly RecordedCall[]
  readonly reads: readonly ConfigRead[]
}

/** One value per read. */
interface ReadConfigReply {
  readonly values: readonly unknown[]
}

interface FileSize {
  readonly file: string
  readonly bytes: number
}

interface ParameterCount {
  readonly tensors: number
  readonly elements: number
  /** Per dtype. */
  readonly bytes: Readonly<Record<string, number>>
}

/** The contents of a model's files; the model is not loaded. */
export interface InspectReply {
  readonly files: readonly FileSize[]
  /** The version of paddle, if the program contains it: `3.3.1`; for a `.json`, `3.3`. */
  readonly writtenBy: string | null
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
  /** The number of operators per type, in descending order. */
  readonly operators: Readonly<Record<string, number>>
  readonly parameters: ParameterCount
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
 * The one-shot calls, each in its own process (`python/paddle_worker/one_shot.py`), with their requests and
 * replies.
 */
export interface OneShotCalls {
  /** Reads from a native Config: one value per read. */
  readConfig: { request: ReadConfigRequest; reply: ReadConfigReply }
  /** The versions of the wheel. */
  versions: { request: null; reply: Versions }
  inspectModel: { request: ModelPaths; reply: InspectReply }
  convertModel: { request: ConvertRequest; reply: ConvertReply }
}

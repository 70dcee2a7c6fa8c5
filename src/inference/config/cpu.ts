import { reads, sets, type Table } from './define-methods.js'
import { integer, nameSet, type NameSet } from './params.js'

/** CPU settings: threads, and Intel's oneDNN (called MKL-DNN in paddle until 3.2; both names work). */
export interface CpuMethods {
  /** Sets the threads per operator; paddle's default is 1 (`set_cpu_math_library_num_threads`). */
  setCpuMathLibraryNumThreads(threads: number): this
  cpuMathLibraryNumThreads(): Promise<number>

  /** Uses oneDNN's kernels (`enable_onednn`), as paddle's wheels do by default. */
  enableOnednn(): this
  /** Alias of {@link enableOnednn} (`enable_mkldnn`). */
  enableMkldnn(): this
  /** Disables oneDNN (`disable_onednn`): slower, but required by some networks. */
  disableOnednn(): this
  /** Alias of {@link disableOnednn} (`disable_mkldnn`). */
  disableMkldnn(): this
  onednnEnabled(): Promise<boolean>
  mkldnnEnabled(): Promise<boolean>

  /**
   * Computes in bfloat16 where oneDNN supports it (`enable_onednn_bfloat16`). A CPU without `avx512_bf16` or
   * `amx_bf16` only simulates it, and some networks do not work in it: creating a predictor then fails with
   * PRECISION_UNAVAILABLE.
   */
  enableOnednnBfloat16(): this
  /** Alias of {@link enableOnednnBfloat16} (`enable_mkldnn_bfloat16`). */
  enableMkldnnBfloat16(): this
  /** Limits bfloat16 to these operators (`set_bfloat16_op`). */
  setBfloat16Op(operators: NameSet): this

  /** Computes in int8 if the model is quantised; with `operators`, only those (`enable_onednn_int8`). */
  enableOnednnInt8(operators?: NameSet): this
  /** Alias of {@link enableOnednnInt8} (`enable_mkldnn_int8`). */
  enableMkldnnInt8(operators?: NameSet): this
  onednnInt8Enabled(): Promise<boolean>
  mkldnnInt8Enabled(): Promise<boolean>

  /** Limits oneDNN to these operators (`set_onednn_op`). */
  setOnednnOp(operators: NameSet): this
  /** Alias of {@link setOnednnOp} (`set_mkldnn_op`). */
  setMkldnnOp(operators: NameSet): this
  /**
   * Sets how many input shapes oneDNN caches primitives for; 0 means no limit, paddle's default is 10
   * (`set_onednn_cache_capacity`).
   */
  setOnednnCacheCapacity(capacity?: number): this
  /** Alias of {@link setOnednnCacheCapacity} (`set_mkldnn_cache_capacity`). */
  setMkldnnCacheCapacity(capacity?: number): this
  /** Disables the passes that fuse fully connected layers for oneDNN (`disable_onednn_fc_passes`). */
  disableOnednnFcPasses(): this
  /** Alias of {@link disableOnednnFcPasses} (`disable_mkldnn_fc_passes`). */
  disableMkldnnFcPasses(): this

  /**
   * Quantises for oneDNN when the predictor is created (`enable_quantizer`, 2.6 only); see
   * `quantizerConfig()`.
   */
  enableQuantizer(): this
}

const threads = ['set_cpu_math_library_num_threads'] as const
const capacity = ['set_onednn_cache_capacity', 'set_mkldnn_cache_capacity'] as const
const enable = ['enable_onednn', 'enable_mkldnn'] as const
const disable = ['disable_onednn', 'disable_mkldnn'] as const
const enabled = ['onednn_enabled', 'mkldnn_enabled'] as const
const bfloat16 = ['enable_onednn_bfloat16', 'enable_mkldnn_bfloat16'] as const
const int8 = ['enable_onednn_int8', 'enable_mkldnn_int8'] as const
const int8Enabled = ['onednn_int8_enabled', 'mkldnn_int8_enabled'] as const
const ops = ['set_onednn_op', 'set_mkldnn_op'] as const
const fcPasses = ['disable_onednn_fc_passes', 'disable_mkldnn_fc_passes'] as const

export const cpuMethods: Table<CpuMethods> = {
  setCpuMathLibraryNumThreads: sets(threads, integer('threads', 1)),
  cpuMathLibraryNumThreads: reads('cpu_math_library_num_threads'),
  enableOnednn: sets(enable),
  enableMkldnn: sets(enable),
  disableOnednn: sets(disable),
  disableMkldnn: sets(disable),
  onednnEnabled: reads(enabled),
  mkldnnEnabled: reads(enabled),
  enableOnednnBfloat16: sets(bfloat16),
  enableMkldnnBfloat16: sets(bfloat16),
  setBfloat16Op: sets('set_bfloat16_op', nameSet('operators')),
  enableOnednnInt8: sets(int8, nameSet('operators', [])),
  enableMkldnnInt8: sets(int8, nameSet('operators', [])),
  onednnInt8Enabled: reads(int8Enabled),
  mkldnnInt8Enabled: reads(int8Enabled),
  setOnednnOp: sets(ops, nameSet('operators')),
  setMkldnnOp: sets(ops, nameSet('operators')),
  setOnednnCacheCapacity: sets(capacity, integer('capacity', 0, 0)),
  setMkldnnCacheCapacity: sets(capacity, integer('capacity', 0, 0)),
  disableOnednnFcPasses: sets(fcPasses),
  disableMkldnnFcPasses: sets(fcPasses),
  enableQuantizer: sets('enable_quantizer'),
}

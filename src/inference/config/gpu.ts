import { reads, sets, type Table } from './define-methods.js'
import { flag, integer, integerLists, nameSet, precision, type NameSet } from './params.js'
import type { PrecisionType } from './precision.js'

/** How a GPU computes. All of it needs a wheel with CUDA: creating a predictor on another fails with DEVICE_UNAVAILABLE. */
export interface GpuMethods {
  /**
   * Runs on a GPU (`enable_use_gpu`).
   *
   * @param memoryPoolInitSizeMb Memory to take at the start, in MiB.
   * @param deviceId The GPU's number; paddle's default is 0.
   * @param precisionMode What to compute in: `Half` and `Bfloat16` mix it with float32.
   */
  enableUseGpu(memoryPoolInitSizeMb: number, deviceId?: number, precisionMode?: PrecisionType): this
  /** Runs on the CPU (`disable_gpu`). This is the default. */
  disableGpu(): this
  useGpu(): Promise<boolean>
  gpuDeviceId(): Promise<number>
  /** In MiB. */
  memoryPoolInitSizeMb(): Promise<number>
  /** The memory pool as a part of the GPU's memory. */
  fractionOfGpuMemoryForPool(): Promise<number>

  /** Feeds and answers are of the low precision too (`enable_low_precision_io`): call `enableUseGpu` with one first. */
  enableLowPrecisionIo(on?: boolean): this
  /** Operators that stay in float32 where the rest does not (`exp_disable_mixed_precision_ops`). */
  expDisableMixedPrecisionOps(operators: NameSet): this
  /** The only operators that compute in the low precision (`exp_enable_mixed_precision_ops`). */
  expEnableMixedPrecisionOps(operators: NameSet): this
  /** Uses CUTLASS's kernels (`exp_enable_use_cutlass`), where the wheel has them. */
  expEnableUseCutlass(): this
  /** Sparse convolutions of these kernels and strides keep a buffer (`exp_sparse_conv_using_buffer`). */
  expSparseConvUsingBuffer(
    kernels: readonly (readonly number[])[],
    strides: readonly (readonly number[])[],
  ): this
}

export const gpuMethods: Table<GpuMethods> = {
  enableUseGpu: sets(
    'enable_use_gpu',
    integer('memoryPoolInitSizeMb', 1),
    integer('deviceId', 0, 0),
    precision('precisionMode', 'Float32'),
  ),
  disableGpu: sets('disable_gpu'),
  useGpu: reads('use_gpu'),
  gpuDeviceId: reads('gpu_device_id'),
  memoryPoolInitSizeMb: reads('memory_pool_init_size_mb'),
  fractionOfGpuMemoryForPool: reads('fraction_of_gpu_memory_for_pool'),
  enableLowPrecisionIo: sets('enable_low_precision_io', flag('on', true)),
  expDisableMixedPrecisionOps: sets('exp_disable_mixed_precision_ops', nameSet('operators')),
  expEnableMixedPrecisionOps: sets('exp_enable_mixed_precision_ops', nameSet('operators')),
  expEnableUseCutlass: sets('exp_enable_use_cutlass'),
  expSparseConvUsingBuffer: sets(
    'exp_sparse_conv_using_buffer',
    integerLists('kernels'),
    integerLists('strides'),
  ),
}

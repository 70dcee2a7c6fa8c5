import { reads, sets, type Table } from './define-methods.js'
import { flag, integer, integerLists, nameSet, precision, type NameSet } from './params.js'
import type { PrecisionType } from './precision.js'

/**
 * GPU settings. They require a wheel with CUDA; with another wheel, creating a predictor fails with
 * DEVICE_UNAVAILABLE.
 */
export interface GpuMethods {
  /**
   * Runs on a GPU (`enable_use_gpu`).
   *
   * @param memoryPoolInitSizeMb GPU memory to allocate at the start, in MiB.
   * @param deviceId The index of the GPU; paddle's default is 0.
   * @param precisionMode The precision to compute in: `Half` and `Bfloat16` are mixed with float32.
   */
  enableUseGpu(memoryPoolInitSizeMb: number, deviceId?: number, precisionMode?: PrecisionType): this
  /** Runs on the CPU (`disable_gpu`). This is the default. */
  disableGpu(): this
  useGpu(): Promise<boolean>
  gpuDeviceId(): Promise<number>
  /** In MiB. */
  memoryPoolInitSizeMb(): Promise<number>
  /** The memory pool as a fraction of the GPU's memory. */
  fractionOfGpuMemoryForPool(): Promise<number>

  /**
   * Uses the low precision for feeds and outputs too (`enable_low_precision_io`). Call `enableUseGpu` with
   * one first.
   */
  enableLowPrecisionIo(on?: boolean): this
  /** Keeps these operators in float32 in mixed precision (`exp_disable_mixed_precision_ops`). */
  expDisableMixedPrecisionOps(operators: NameSet): this
  /** Limits the low precision to these operators (`exp_enable_mixed_precision_ops`). */
  expEnableMixedPrecisionOps(operators: NameSet): this
  /** Uses CUTLASS kernels (`exp_enable_use_cutlass`), if the wheel has them. */
  expEnableUseCutlass(): this
  /**
   * Uses a buffer for sparse convolutions with these kernels and strides (`exp_sparse_conv_using_buffer`).
   */
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

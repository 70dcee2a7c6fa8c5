import { reads, sets, setsByName, type Table } from './define-methods.js'
import { flag, flags, fraction, integer, nameLists, param, precision, text } from './params.js'
import type { PrecisionType } from './precision.js'
import { xpuForm, type XpuArguments } from './xpu-arguments.js'
import { xpuConfig, type XpuConfig } from './xpu-config.js'

export type { XpuArguments } from './xpu-arguments.js'

/** The arguments of `enableIpu` by name, with paddle's defaults. */
export interface IpuArguments {
  /** @default 1 */
  readonly ipuDeviceNum?: number | undefined
  /** @default 1 */
  readonly ipuMicroBatchSize?: number | undefined
  /** @default false */
  readonly ipuEnablePipelining?: boolean | undefined
  /** @default 1 */
  readonly ipuBatchesPerStep?: number | undefined
}

/** The arguments of `setIpuConfig` by name, with paddle's defaults. */
export interface IpuConfigArguments {
  /** @default false */
  readonly ipuEnableFp16?: boolean | undefined
  /** @default 1 */
  readonly ipuReplicaNum?: number | undefined
  /** @default 1 */
  readonly ipuAvailableMemoryProportion?: number | undefined
  /** @default false */
  readonly ipuEnableHalfPartial?: boolean | undefined
  /** @default false */
  readonly ipuEnableModelRuntimeExecutor?: boolean | undefined
}

/**
 * Other devices: Kunlun's XPU, Graphcore's IPU, OpenCL, and plugin devices. Each requires a wheel built for
 * it; with another wheel, creating a predictor fails with DEVICE_UNAVAILABLE.
 */
export interface DeviceMethods {
  /** Runs on an XPU (`enable_xpu`). Takes arguments by name, or in paddle's order. */
  enableXpu(
    l3Size?: number | XpuArguments,
    l3Locked?: boolean,
    convAutotune?: boolean,
    convAutotuneFile?: string,
    transformerEncoderPrecision?: string,
    transformerEncoderAdaptiveSeqlen?: boolean,
    enableMultiStream?: boolean,
  ): this
  /** Configures the XPU (`set_xpu_config`). Call `enableXpu` first. */
  setXpuConfig(config: XpuConfig): this
  /** Selects the XPU (`set_xpu_device_id`). Call `enableXpu` first. */
  setXpuDeviceId(deviceId?: number): this
  useXpu(): Promise<boolean>
  xpuConfig(): Promise<XpuConfig>
  xpuDeviceId(): Promise<number>

  /** Runs on IPUs (`enable_ipu`). Takes arguments by name, or in paddle's order. */
  enableIpu(
    ipuDeviceNum?: number | IpuArguments,
    ipuMicroBatchSize?: number,
    ipuEnablePipelining?: boolean,
    ipuBatchesPerStep?: number,
  ): this
  /** Configures the IPUs (`set_ipu_config`). Takes arguments by name, or in paddle's order. */
  setIpuConfig(
    ipuEnableFp16?: boolean | IpuConfigArguments,
    ipuReplicaNum?: number,
    ipuAvailableMemoryProportion?: number,
    ipuEnableHalfPartial?: boolean,
    ipuEnableModelRuntimeExecutor?: boolean,
  ): this
  /**
   * Adds custom operators, each as `[paddle's, popart's, domain, version]`, and patterns
   * (`set_ipu_custom_info`).
   */
  setIpuCustomInfo(
    ipuCustomOpsInfo?: readonly (readonly string[])[],
    ipuCustomPatterns?: Readonly<Record<string, boolean>>,
  ): this
  /** Loads the IPU configuration from a file (`load_ipu_config`). */
  loadIpuConfig(configPath: string): this

  /** Runs on the device of a plugin, such as `npu` (`enable_custom_device`). */
  enableCustomDevice(deviceType: string, deviceId?: number, precisionMode?: PrecisionType): this

  /** Uses OpenCL (`enable_opencl`, 2.6 only). */
  enableOpencl(): this
  useOpencl(): Promise<boolean>
}

export const deviceMethods: Table<DeviceMethods> = {
  enableXpu: setsByName(
    'enable_xpu',
    param('l3Size', xpuForm.l3Size, 0x1000000),
    param('l3Locked', xpuForm.l3Locked, false),
    param('convAutotune', xpuForm.convAutotune, false),
    param('convAutotuneFile', xpuForm.convAutotuneFile, ''),
    param('transformerEncoderPrecision', xpuForm.transformerEncoderPrecision, 'int16'),
    param('transformerEncoderAdaptiveSeqlen', xpuForm.transformerEncoderAdaptiveSeqlen, false),
    param('enableMultiStream', xpuForm.enableMultiStream, false),
  ),
  setXpuConfig: sets('set_xpu_config', xpuConfig('config')),
  setXpuDeviceId: sets('set_xpu_device_id', integer('deviceId', 0, 0)),
  useXpu: reads('use_xpu'),
  xpuConfig: reads('xpu_config'),
  xpuDeviceId: reads('xpu_device_id'),
  enableIpu: setsByName(
    'enable_ipu',
    integer('ipuDeviceNum', 1, 1),
    integer('ipuMicroBatchSize', 1, 1),
    flag('ipuEnablePipelining', false),
    integer('ipuBatchesPerStep', 1, 1),
  ),
  setIpuConfig: setsByName(
    'set_ipu_config',
    flag('ipuEnableFp16', false),
    integer('ipuReplicaNum', 1, 1),
    fraction('ipuAvailableMemoryProportion', 1),
    flag('ipuEnableHalfPartial', false),
    flag('ipuEnableModelRuntimeExecutor', false),
  ),
  setIpuCustomInfo: sets(
    'set_ipu_custom_info',
    nameLists('ipuCustomOpsInfo', []),
    flags('ipuCustomPatterns', {}),
  ),
  loadIpuConfig: sets('load_ipu_config', text('configPath')),
  enableCustomDevice: sets(
    'enable_custom_device',
    text('deviceType'),
    integer('deviceId', 0, 0),
    precision('precisionMode', 'Float32'),
  ),
  enableOpencl: sets('enable_opencl'),
  useOpencl: reads('use_opencl'),
}

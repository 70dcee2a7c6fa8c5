import { reads, sets, setsByName, type Table } from './define-methods.js'
import {
  flag,
  integer,
  names,
  nameSet,
  precision,
  shapes,
  text,
  type NameSet,
  type ShapesByName,
} from './params.js'
import type { PrecisionType } from './precision.js'
import { distConfig, type DistConfig } from './xpu-config.js'

/** The arguments of `enableLiteEngine` by name, with paddle's defaults. */
export interface LiteEngineArguments {
  /** @default 'Float32' */
  readonly precisionMode?: PrecisionType | undefined
  /** @default false */
  readonly zeroCopy?: boolean | undefined
  /** Passes to skip. @default [] */
  readonly passesFilter?: readonly string[] | undefined
  /** Operators that stay with paddle. @default [] */
  readonly opsFilter?: readonly string[] | undefined
}

/** The arguments of `enableDlnne` by name, with paddle's defaults. */
export interface DlnneArguments {
  /** @default 3 */
  readonly minSubgraphSize?: number | undefined
  /** @default 1 */
  readonly maxBatchSize?: number | undefined
  /** @default false */
  readonly useStaticBatch?: boolean | undefined
  /** @default '0' */
  readonly weightShareMode?: string | undefined
  /** @default [] */
  readonly disableNodesByOutputs?: NameSet | undefined
  /** @default {} */
  readonly inputShapeDict?: ShapesByName | undefined
  /** @default false */
  readonly useCalibMode?: boolean | undefined
  /** @default 'Float32' */
  readonly precisionMode?: PrecisionType | undefined
}

/**
 * Other engines that a wheel may include. If the wheel does not include the engine, creating a predictor
 * fails with ENGINE_UNAVAILABLE.
 */
export interface EngineMethods {
  /** Uses paddle's compiler CINN (`enable_cinn`). */
  enableCinn(): this

  /** Runs the network in ONNX Runtime (`enable_onnxruntime`). */
  enableOnnxruntime(): this
  disableOnnxruntime(): this
  /** Lets ONNX Runtime optimise the network (`enable_ort_optimization`). */
  enableOrtOptimization(): this
  onnxruntimeEnabled(): Promise<boolean>

  /** Runs the network in OpenVINO (`enable_openvino_engine`). */
  enableOpenvinoEngine(inferencePrecision?: PrecisionType): this
  openvinoEngineEnabled(): Promise<boolean>

  /**
   * Runs parts of the network in Paddle Lite (`enable_lite_engine`, 2.6 only). Takes arguments by name, or in
   * paddle's order.
   */
  enableLiteEngine(
    precisionMode?: PrecisionType | LiteEngineArguments,
    zeroCopy?: boolean,
    passesFilter?: readonly string[],
    opsFilter?: readonly string[],
  ): this
  liteEngineEnabled(): Promise<boolean>

  /**
   * Runs parts of the network in DLNNE (`enable_dlnne`, 2.6 only). Takes arguments by name, or in paddle's
   * order.
   */
  enableDlnne(
    minSubgraphSize?: number | DlnneArguments,
    maxBatchSize?: number,
    useStaticBatch?: boolean,
    weightShareMode?: string,
    disableNodesByOutputs?: NameSet,
    inputShapeDict?: ShapesByName,
    useCalibMode?: boolean,
    precisionMode?: PrecisionType,
  ): this

  /** Distributes the network over several processes (`set_dist_config`, 2.6 only). */
  setDistConfig(config: DistConfig): this
  distConfig(): Promise<DistConfig>
}

export const engineMethods: Table<EngineMethods> = {
  enableCinn: sets('enable_cinn'),
  enableOnnxruntime: sets('enable_onnxruntime'),
  disableOnnxruntime: sets('disable_onnxruntime'),
  enableOrtOptimization: sets('enable_ort_optimization'),
  onnxruntimeEnabled: reads('onnxruntime_enabled'),
  enableOpenvinoEngine: sets('enable_openvino_engine', precision('inferencePrecision', 'Float32')),
  openvinoEngineEnabled: reads('openvino_engine_enabled'),
  enableLiteEngine: setsByName(
    'enable_lite_engine',
    precision('precisionMode', 'Float32'),
    flag('zeroCopy', false),
    names('passesFilter', []),
    names('opsFilter', []),
  ),
  liteEngineEnabled: reads('lite_engine_enabled'),
  enableDlnne: setsByName(
    'enable_dlnne',
    integer('minSubgraphSize', 1, 3),
    integer('maxBatchSize', 1, 1),
    flag('useStaticBatch', false),
    text('weightShareMode', '0'),
    nameSet('disableNodesByOutputs', []),
    shapes('inputShapeDict', {}),
    flag('useCalibMode', false),
    precision('precisionMode', 'Float32'),
  ),
  setDistConfig: sets('set_dist_config', distConfig('config')),
  distConfig: reads('dist_config'),
}

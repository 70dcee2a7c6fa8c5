import { reads, sets, setsByName, type Table } from './define-methods.js'
import { flag, integer, names, precision, shapes, size, text, type ShapesByName } from './params.js'
import type { PrecisionType } from './precision.js'

/** The arguments of `enableTensorrtEngine` by name, with paddle's defaults. */
export interface TensorrtEngineArguments {
  /** Memory that TensorRT may use while it builds, in bytes. @default 1073741824 */
  readonly workspaceSize?: number | undefined
  /** The maximum batch size. @default 1 */
  readonly maxBatchSize?: number | undefined
  /** Subgraphs with fewer operators stay with paddle. @default 3 */
  readonly minSubgraphSize?: number | undefined
  /** @default 'Float32' */
  readonly precisionMode?: PrecisionType | undefined
  /** Whether built engines are saved to files and reused. @default false */
  readonly useStatic?: boolean | undefined
  /** Whether int8 is calibrated by runs on real data. @default true */
  readonly useCalibMode?: boolean | undefined
  /** @default false */
  readonly useCudaGraph?: boolean | undefined
}

/** NVIDIA's TensorRT, which runs parts of the network. Requires a wheel with CUDA and TensorRT. */
export interface TensorrtMethods {
  /**
   * Runs supported parts of the network in TensorRT (`enable_tensorrt_engine`). Takes arguments by name, or
   * in paddle's order.
   */
  enableTensorrtEngine(
    workspaceSize?: number | TensorrtEngineArguments,
    maxBatchSize?: number,
    minSubgraphSize?: number,
    precisionMode?: PrecisionType,
    useStatic?: boolean,
    useCalibMode?: boolean,
    useCudaGraph?: boolean,
  ): this
  tensorrtEngineEnabled(): Promise<boolean>
  tensorrtPrecisionMode(): Promise<PrecisionType>

  /** Sets the shapes that inputs may take, by input name (`set_trt_dynamic_shape_info`). */
  setTrtDynamicShapeInfo(
    minInputShape?: ShapesByName,
    maxInputShape?: ShapesByName,
    optimInputShape?: ShapesByName,
    disableTrtPluginFp16?: boolean,
  ): this
  tensorrtDynamicShapeEnabled(): Promise<boolean>
  /**
   * Writes the input shapes of each run to a file (`collect_shape_range_info`), for {@link
   * enableTunedTensorrtDynamicShape}.
   */
  collectShapeRangeInfo(path: string): this
  shapeRangeInfoCollected(): Promise<boolean>
  shapeRangeInfoPath(): Promise<string>
  /** Uses the shapes from a file of collected ones (`enable_tuned_tensorrt_dynamic_shape`). */
  enableTunedTensorrtDynamicShape(shapeRangeInfoPath?: string, allowBuildAtRuntime?: boolean): this
  tunedTensorrtDynamicShape(): Promise<boolean>
  trtAllowBuildAtRuntime(): Promise<boolean>

  /** Uses the scales of the model's quantise operators (`enable_tensorrt_explicit_quantization`). */
  enableTensorrtExplicitQuantization(): this
  tensorrtExplicitQuantizationEnabled(): Promise<boolean>
  /**
   * Sets the level from 0 (fastest build) to 5; paddle's default is 3 (`set_tensorrt_optimization_level`).
   */
  setTensorrtOptimizationLevel(level: number): this
  tensorrtOptimizationLevel(): Promise<number>
  /**
   * Prints what TensorRT made of the network (`enable_tensorrt_inspector`); with `inspectorSerialize`, writes
   * it to a file.
   */
  enableTensorrtInspector(inspectorSerialize?: boolean): this
  tensorrtInspectorEnabled(): Promise<boolean>
  /** Avoids padding of sequences of different lengths (`enable_tensorrt_varseqlen`). */
  enableTensorrtVarseqlen(): this
  tensorrtVarseqlenEnabled(): Promise<boolean>
  /** Uses a Deep Learning Accelerator, if the device has one (`enable_tensorrt_dla`). */
  enableTensorrtDla(dlaCore?: number): this
  tensorrtDlaEnabled(): Promise<boolean>
  /** Shares memory between engines (`enable_tensorrt_memory_optim`). Call `enableTensorrtEngine` first. */
  enableTensorrtMemoryOptim(engineMemorySharing?: boolean, sharingIdentifier?: number): this
  /** Marks tensors as additional outputs of an engine (`mark_trt_engine_outputs`). */
  markTrtEngineOutputs(outputTensorNames?: readonly string[]): this

  /** Keeps these operators in paddle (`exp_disable_tensorrt_ops`). */
  expDisableTensorrtOps(operators: readonly string[]): this
  /** Keeps subgraphs in paddle, named by their variables (`exp_disable_tensorrt_subgraph`). */
  expDisableTensorrtSubgraph(variables: readonly string[]): this
  /** Whether operators with dynamic shapes stay in paddle (`exp_disable_tensorrt_dynamic_shape_ops`). */
  expDisableTensorrtDynamicShapeOps(on: boolean): this
  /**
   * Sets the precision of subgraphs, named by their variables (`exp_specify_tensorrt_subgraph_precision`).
   */
  expSpecifyTensorrtSubgraphPrecision(
    float32: readonly string[],
    half: readonly string[],
    bfloat16: readonly string[],
  ): this
}

export const tensorrtMethods: Table<TensorrtMethods> = {
  enableTensorrtEngine: setsByName(
    'enable_tensorrt_engine',
    size('workspaceSize', 2 ** 30),
    integer('maxBatchSize', 1, 1),
    integer('minSubgraphSize', 1, 3),
    precision('precisionMode', 'Float32'),
    flag('useStatic', false),
    flag('useCalibMode', true),
    flag('useCudaGraph', false),
  ),
  tensorrtEngineEnabled: reads('tensorrt_engine_enabled'),
  tensorrtPrecisionMode: reads('tensorrt_precision_mode'),
  setTrtDynamicShapeInfo: sets(
    'set_trt_dynamic_shape_info',
    shapes('minInputShape', {}),
    shapes('maxInputShape', {}),
    shapes('optimInputShape', {}),
    flag('disableTrtPluginFp16', false),
  ),
  tensorrtDynamicShapeEnabled: reads('tensorrt_dynamic_shape_enabled'),
  collectShapeRangeInfo: sets('collect_shape_range_info', text('path')),
  shapeRangeInfoCollected: reads('shape_range_info_collected'),
  shapeRangeInfoPath: reads('shape_range_info_path'),
  enableTunedTensorrtDynamicShape: sets(
    'enable_tuned_tensorrt_dynamic_shape',
    text('shapeRangeInfoPath', ''),
    flag('allowBuildAtRuntime', true),
  ),
  tunedTensorrtDynamicShape: reads('tuned_tensorrt_dynamic_shape'),
  trtAllowBuildAtRuntime: reads('trt_allow_build_at_runtime'),
  enableTensorrtExplicitQuantization: sets('enable_tensorrt_explicit_quantization'),
  tensorrtExplicitQuantizationEnabled: reads('tensorrt_explicit_quantization_enabled'),
  setTensorrtOptimizationLevel: sets('set_tensorrt_optimization_level', integer('level', 0)),
  tensorrtOptimizationLevel: reads('tensorrt_optimization_level'),
  enableTensorrtInspector: sets('enable_tensorrt_inspector', flag('inspectorSerialize', false)),
  tensorrtInspectorEnabled: reads('tensorrt_inspector_enabled'),
  enableTensorrtVarseqlen: sets('enable_tensorrt_varseqlen'),
  tensorrtVarseqlenEnabled: reads('tensorrt_varseqlen_enabled'),
  enableTensorrtDla: sets('enable_tensorrt_dla', integer('dlaCore', 0, 0)),
  tensorrtDlaEnabled: reads('tensorrt_dla_enabled'),
  enableTensorrtMemoryOptim: sets(
    'enable_tensorrt_memory_optim',
    flag('engineMemorySharing', true),
    integer('sharingIdentifier', 0, 0),
  ),
  markTrtEngineOutputs: sets('mark_trt_engine_outputs', names('outputTensorNames', [])),
  expDisableTensorrtOps: sets('exp_disable_tensorrt_ops', names('operators')),
  expDisableTensorrtSubgraph: sets('exp_disable_tensorrt_subgraph', names('variables')),
  expDisableTensorrtDynamicShapeOps: sets('exp_disable_tensorrt_dynamic_shape_ops', flag('on')),
  expSpecifyTensorrtSubgraphPrecision: sets(
    'exp_specify_tensorrt_subgraph_precision',
    names('float32'),
    names('half'),
    names('bfloat16'),
  ),
}

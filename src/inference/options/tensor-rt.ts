import {
  boolean,
  count,
  either,
  int,
  objectOf,
  path,
  required,
  texts,
  word,
  type Form,
} from '../../options/index.js'
import type { Config, PrecisionType, ShapesByName } from '../config/index.js'
import { shapesByName } from '../config/params.js'

/** The shapes that inputs may take, by input name. */
export interface DynamicShape {
  readonly min: ShapesByName
  readonly max: ShapesByName
  /** The shapes that TensorRT optimises for. */
  readonly optim: ShapesByName
  /** Keeps paddle's plugins from computing in fp16. @default false */
  readonly disablePluginFp16?: boolean | undefined
}

/** Options of TensorRT. */
export interface TensorRtOptions {
  /** Memory that TensorRT may use while it builds, in bytes. @default 1073741824 */
  readonly workspaceSize?: number | undefined
  /** The maximum batch size. @default 1 */
  readonly maxBatchSize?: number | undefined
  /** Subgraphs with fewer operators stay with paddle. @default 3 */
  readonly minSubgraphSize?: number | undefined
  /** @default the predictor's */
  readonly precision?: 'fp32' | 'fp16' | 'bf16' | 'int8' | undefined
  /** Whether built engines are saved to files (see `optimCacheDir`) and reused. @default false */
  readonly useStatic?: boolean | undefined
  /** Whether int8 is calibrated by runs on real data. @default true */
  readonly useCalibMode?: boolean | undefined
  /** @default false */
  readonly useCudaGraph?: boolean | undefined
  /** The shapes that inputs may take. @default those of the program */
  readonly dynamicShape?: DynamicShape | undefined
  /** A file into which runs write the input shapes that occur. @default none */
  readonly collectShapes?: string | undefined
  /**
   * The file of collected shapes to use; as an object, also whether engines may be built at run time.
   * @default none
   */
  readonly tunedShapes?:
    string | { readonly path: string; readonly allowBuildAtRuntime?: boolean } | undefined
  /** Whether to take the scales from the model's quantise operators. @default false */
  readonly explicitQuantization?: boolean | undefined
  /** From 0 (fastest build) to 5. @default 3 */
  readonly optimizationLevel?: number | undefined
  /** The Deep Learning Accelerator to use. @default none */
  readonly dla?: boolean | number | undefined
  /** Avoids padding of sequences of different lengths. @default false */
  readonly varseqlen?: boolean | undefined
  /** Prints what TensorRT made of the network; `serialize` writes it to a file. @default false */
  readonly inspector?: boolean | 'serialize' | undefined
  /** Whether engines share memory. @default false */
  readonly memorySharing?: boolean | undefined
  /** Operators that stay with paddle. @default none */
  readonly disableOps?: readonly string[] | undefined
  /** Tensors that an engine also outputs. @default none */
  readonly markOutputs?: readonly string[] | undefined
}

/** Paddle's names for the precisions. */
export const precisionTypes = {
  fp32: 'Float32',
  fp16: 'Half',
  bf16: 'Bfloat16',
  int8: 'Int8',
} as const satisfies Record<string, PrecisionType>

export const precisions = word('fp32', 'fp16', 'bf16', 'int8')

export const tensorRtForm: Form<TensorRtOptions> = {
  workspaceSize: count(0),
  maxBatchSize: int(1),
  minSubgraphSize: int(1),
  precision: precisions,
  useStatic: boolean,
  useCalibMode: boolean,
  useCudaGraph: boolean,
  dynamicShape: objectOf<DynamicShape>({
    min: required(shapesByName),
    max: required(shapesByName),
    optim: required(shapesByName),
    disablePluginFp16: boolean,
  }),
  collectShapes: path(),
  tunedShapes: either(
    path('the path of a file'),
    objectOf<{ path: string; allowBuildAtRuntime?: boolean }>({
      path: required(path()),
      allowBuildAtRuntime: boolean,
    }),
  ),
  explicitQuantization: boolean,
  optimizationLevel: int(0),
  dla: either(boolean, int(0)),
  varseqlen: boolean,
  inspector: either(boolean, word('serialize')),
  memorySharing: boolean,
  disableOps: texts,
  markOutputs: texts,
}

/** Records the use of TensorRT. */
export function useTensorRt(
  config: Config,
  options: TensorRtOptions,
  predictorPrecision: keyof typeof precisionTypes,
): void {
  const { workspaceSize, maxBatchSize, minSubgraphSize, useStatic, useCalibMode, useCudaGraph } = options
  config.enableTensorrtEngine({
    workspaceSize,
    maxBatchSize,
    minSubgraphSize,
    precisionMode: precisionTypes[options.precision ?? predictorPrecision],
    useStatic,
    useCalibMode,
    useCudaGraph,
  })
  useShapes(config, options)
  if (options.explicitQuantization) config.enableTensorrtExplicitQuantization()
  if (options.optimizationLevel !== undefined) {
    config.setTensorrtOptimizationLevel(options.optimizationLevel)
  }
  const { dla = false, inspector = false } = options
  if (dla !== false) config.enableTensorrtDla(...(dla === true ? [] : [dla]))
  if (options.varseqlen) config.enableTensorrtVarseqlen()
  if (inspector !== false) config.enableTensorrtInspector(inspector === 'serialize')
  if (options.memorySharing) config.enableTensorrtMemoryOptim(true)
  if (options.disableOps) config.expDisableTensorrtOps(options.disableOps)
  if (options.markOutputs) config.markTrtEngineOutputs(options.markOutputs)
}

function useShapes(
  config: Config,
  { dynamicShape: given, collectShapes, tunedShapes }: TensorRtOptions,
): void {
  if (given) config.setTrtDynamicShapeInfo(given.min, given.max, given.optim, given.disablePluginFp16)
  if (collectShapes !== undefined) config.collectShapeRangeInfo(collectShapes)
  if (typeof tunedShapes === 'string') config.enableTunedTensorrtDynamicShape(tunedShapes)
  else if (tunedShapes) {
    config.enableTunedTensorrtDynamicShape(tunedShapes.path, tunedShapes.allowBuildAtRuntime)
  }
}

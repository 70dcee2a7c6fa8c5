import type { DynamicShape, TensorRtOptions } from '../../inference/index.js'
import { countValue, lastOf, orWord, switchValue } from '../flag-values.js'
import {
  countFlag,
  givenOf,
  itemsFlag,
  listFlag,
  pathFlag,
  switchFlag,
  wordFlag,
  type Flag,
  type FlagsOf,
} from './flag.js'
import { precisions } from './general.js'

/** One input: its name, and its least, usual and greatest shape. */
type InputShapes = readonly [name: string, min: number[], optim: number[], max: number[]]

/** The options of TensorRT; two that are objects are two flags each. */
interface TensorRtValues extends Omit<TensorRtOptions, 'dynamicShape' | 'tunedShapes'> {
  readonly dynamicShape?: readonly InputShapes[] | undefined
  readonly disablePluginFp16?: DynamicShape['disablePluginFp16']
  readonly tunedShapes?: string | undefined
  readonly allowBuildAtRuntime?: boolean | undefined
}

const dla: Flag<boolean | number> = {
  ...switchFlag('trt-dla', 'The Deep Learning Accelerator to use: its number, or true [default: none]'),
  kind: 'number',
  parse: (given) =>
    /^\d+$/.test(String(lastOf(given))) ? countValue('trt-dla', 0)(given) : switchValue('trt-dla')(given),
}

const inspector: Flag<boolean | 'serialize'> = {
  ...switchFlag('trt-inspector', 'Print what became of the network; serialize: into a file [default: false]'),
  parse: orWord('serialize', switchValue('trt-inspector')),
  words: ['serialize', 'true', 'false'],
}

export const tensorRtFlags: FlagsOf<TensorRtValues> = {
  workspaceSize: countFlag('trt-workspace-size', 0, 'Memory that it may build in, in bytes [default: 1 GiB]'),
  maxBatchSize: countFlag('trt-max-batch-size', 1, 'The most that a batch may hold [default: 1]'),
  minSubgraphSize: countFlag('trt-min-subgraph-size', 1, 'Fewer operators stay with paddle [default: 3]'),
  precision: wordFlag('trt-precision', 'What it computes in [default: as --precision]', precisions),
  useStatic: switchFlag('trt-use-static', 'Keep built engines in files [default: false]'),
  useCalibMode: switchFlag('trt-use-calib-mode', 'Calibrate int8 by runs [default: true]'),
  useCudaGraph: switchFlag('trt-use-cuda-graph', 'Run by CUDA graphs [default: false]'),
  dynamicShape: itemsFlag(
    'trt-dynamic-shape',
    'Shapes of an input: x:1x3x224x224:4x3x224x224:8x3x224x224',
    'NAME:LEAST:USUAL:GREATEST with shapes such as 1x3x224x224',
    inputShapesIn,
  ),
  disablePluginFp16: switchFlag(
    'trt-disable-plugin-fp16',
    'Keep paddle’s plugins from fp16 [default: false]',
  ),
  collectShapes: pathFlag('trt-collect-shapes', 'File to write the shapes into that runs meet'),
  tunedShapes: pathFlag('trt-tuned-shapes', 'File of collected shapes to use'),
  allowBuildAtRuntime: switchFlag(
    'trt-allow-build-at-runtime',
    'Build for shapes that are not in that file, too [default: true]',
  ),
  explicitQuantization: switchFlag(
    'trt-explicit-quantization',
    'Take the scales from the model’s quantise operators [default: false]',
  ),
  optimizationLevel: countFlag('trt-optimization-level', 0, 'From 0, quick to build, to 5 [default: 3]'),
  dla,
  varseqlen: switchFlag('trt-varseqlen', 'Leave out padding of sequences [default: false]'),
  inspector,
  memorySharing: switchFlag('trt-memory-sharing', 'Let engines share memory [default: false]'),
  disableOps: listFlag('trt-disable-ops', 'Operators that stay with paddle, with commas'),
  markOutputs: listFlag('trt-mark-outputs', 'Tensors that an engine gives out too, with commas'),
}

/** Flags that are parts of the option of another. */
const parts: readonly (readonly [part: Flag<unknown>, whole: Flag<unknown>])[] = [
  [tensorRtFlags.disablePluginFp16, tensorRtFlags.dynamicShape],
  [tensorRtFlags.allowBuildAtRuntime, tensorRtFlags.tunedShapes],
]

/** A flag that says nothing without another one: the message, or undefined. */
export function tensorRtLacks(args: object): string | undefined {
  const values = args as Readonly<Record<string, unknown>>
  const given = ({ name }: Flag<unknown>): boolean => values[name] !== undefined
  const lacking = parts.find(([part, whole]) => given(part) && !given(whole))
  return lacking && `--${lacking[0].name} needs --${lacking[1].name}.`
}

/** The options that were given; undefined where none was. */
export function tensorRtGiven(args: object): TensorRtOptions | undefined {
  const given = givenOf<TensorRtValues>(tensorRtFlags, args)
  if (!given) return undefined
  const { dynamicShape, disablePluginFp16, tunedShapes, allowBuildAtRuntime, ...others } = given
  const shapes = (dynamicShape ?? disablePluginFp16) !== undefined && {
    dynamicShape: { ...(dynamicShape && byName(dynamicShape)), disablePluginFp16 } as DynamicShape,
  }
  const tuned = (tunedShapes ?? allowBuildAtRuntime) !== undefined && {
    tunedShapes:
      allowBuildAtRuntime === undefined
        ? tunedShapes
        : ({ path: tunedShapes, allowBuildAtRuntime } as { path: string; allowBuildAtRuntime: boolean }),
  }
  return { ...others, ...shapes, ...tuned }
}

function byName(inputs: readonly InputShapes[]): DynamicShape {
  return {
    min: Object.fromEntries(inputs.map(([name, min]) => [name, min])),
    optim: Object.fromEntries(inputs.map(([name, , optim]) => [name, optim])),
    max: Object.fromEntries(inputs.map(([name, , , max]) => [name, max])),
  }
}

function inputShapesIn(item: string): InputShapes | undefined {
  const shape = /\d+(?:x\d+)*/.source
  const [, name, ...shapes] = new RegExp(`^(.+):(${shape}):(${shape}):(${shape})$`).exec(item) ?? []
  const [min, optim, max] = shapes.map((text) => text.split('x').map(Number))
  return name === undefined || !min || !optim || !max ? undefined : [name, min, optim, max]
}

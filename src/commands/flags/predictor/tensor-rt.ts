import type { DynamicShape, TensorRtOptions } from '../../../inference/index.js'
import { tensorRtForm } from '../../../inference/options/tensor-rt.js'
import { boolean } from '../../../options/index.js'
import { wording } from '../../../wording.js'
import type { FlagWording } from '../flag.js'
import { itemsValue, optionFlags, optionsFromFlags, type Named } from '../option-flags.js'

/** An input: its name, and its minimum, optimal and maximum shape. */
type InputShapes = readonly [name: string, min: number[], optim: number[], max: number[]]

/** The options of TensorRT; each of the two that are objects has two flags. */
interface TensorRtValues extends Omit<TensorRtOptions, 'dynamicShape' | 'tunedShapes'> {
  readonly dynamicShape?: readonly InputShapes[] | undefined
  readonly disablePluginFp16?: DynamicShape['disablePluginFp16']
  readonly tunedShapes?: string | undefined
  readonly allowBuildAtRuntime?: boolean | undefined
}

export const tensorRtFlags = optionFlags<TensorRtValues>(
  'TensorRT (each of these flags enables it):',
  { ...tensorRtForm, disablePluginFp16: boolean, allowBuildAtRuntime: boolean },
  {
    workspaceSize: 'Memory for building engines, in bytes [default: 1 GiB]',
    maxBatchSize: 'Maximum batch size [default: 1]',
    minSubgraphSize: 'Minimum operators of a subgraph; smaller ones run in paddle [default: 3]',
    precision: 'Precision of TensorRT [default: --precision]',
    useStatic: 'Save built engines to files [default: false]',
    useCalibMode: 'Calibrate int8 with runs [default: true]',
    useCudaGraph: 'Run with CUDA graphs [default: false]',
    dynamicShape: {
      describe: 'Minimum, optimal and maximum shape of an input: x:1x3x224x224:4x3x224x224:8x3x224x224',
      several: true,
      coerce: itemsValue(
        'trt-dynamic-shape',
        'NAME:LEAST:USUAL:GREATEST with shapes such as 1x3x224x224',
        inputShapesIn,
      ),
    },
    disablePluginFp16: 'Do not run paddle’s plugins in fp16 [default: false]',
    collectShapes: 'File to write the shapes of runs to',
    tunedShapes: 'File of collected shapes to use',
    allowBuildAtRuntime: 'Also build engines for shapes that are not in this file [default: true]',
    explicitQuantization: 'Use the scales of the model’s quantise operators [default: false]',
    optimizationLevel: 'From 0 (fastest build) to 5 [default: 3]',
    dla: 'Deep Learning Accelerator to use: its number, or true [default: none]',
    varseqlen: 'Remove padding from sequences of different lengths [default: false]',
    inspector: 'Print the structure of the built network; serialize: write it to a file [default: false]',
    memorySharing: 'Let engines share memory [default: false]',
    disableOps: 'Operators to run in paddle, comma-separated',
    markOutputs: 'Tensors to return as additional outputs of engines, comma-separated',
  },
  (name) => `trt-${name}`,
)

/** Flags that require another one, whose option they are part of. */
const parts: readonly (readonly [part: Named, whole: Named])[] = [
  [tensorRtFlags.disablePluginFp16, tensorRtFlags.dynamicShape],
  [tensorRtFlags.allowBuildAtRuntime, tensorRtFlags.tunedShapes],
]

/** The message for a flag that lacks the one that it requires, or undefined. */
export function tensorRtLacks(args: object): FlagWording | undefined {
  const values = args as Readonly<Record<string, unknown>>
  const given = ([name]: Named): boolean => values[name] !== undefined
  const lacking = parts.find(([part, whole]) => given(part) && !given(whole))
  return lacking && wording`${{ flag: lacking[0][0] }} requires ${{ flag: lacking[1][0] }}.`
}

/** The options whose flags are given; undefined if none is. */
export function tensorRtGiven(args: object): TensorRtOptions | undefined {
  const given = optionsFromFlags<TensorRtValues>(tensorRtFlags, args)
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

import type { DynamicShape, TensorRtOptions } from '../../../inference/index.js'
import { tensorRtForm } from '../../../inference/options/tensor-rt.js'
import { boolean } from '../../../options/index.js'
import { wording } from '../../../wording.js'
import type { FlagWording } from '../flag.js'
import { itemsValue, optionFlags, optionsFromFlags, type Named } from '../option-flags.js'

/** One input: its name, and its least, usual and greatest shape. */
type InputShapes = readonly [name: string, min: number[], optim: number[], max: number[]]

/** The options of TensorRT; two that are objects are two flags each. */
interface TensorRtValues extends Omit<TensorRtOptions, 'dynamicShape' | 'tunedShapes'> {
  readonly dynamicShape?: readonly InputShapes[] | undefined
  readonly disablePluginFp16?: DynamicShape['disablePluginFp16']
  readonly tunedShapes?: string | undefined
  readonly allowBuildAtRuntime?: boolean | undefined
}

export const tensorRtFlags = optionFlags<TensorRtValues>(
  'TensorRT; each of them turns it on:',
  { ...tensorRtForm, disablePluginFp16: boolean, allowBuildAtRuntime: boolean },
  {
    workspaceSize: 'Memory that it may build in, in bytes [default: 1 GiB]',
    maxBatchSize: 'The most that a batch may hold [default: 1]',
    minSubgraphSize: 'Fewer operators stay with paddle [default: 3]',
    precision: 'What it computes in [default: as --precision]',
    useStatic: 'Keep built engines in files [default: false]',
    useCalibMode: 'Calibrate int8 by runs [default: true]',
    useCudaGraph: 'Run by CUDA graphs [default: false]',
    dynamicShape: {
      describe: 'Shapes of an input: x:1x3x224x224:4x3x224x224:8x3x224x224',
      several: true,
      coerce: itemsValue(
        'trt-dynamic-shape',
        'NAME:LEAST:USUAL:GREATEST with shapes such as 1x3x224x224',
        inputShapesIn,
      ),
    },
    disablePluginFp16: 'Keep paddle’s plugins from fp16 [default: false]',
    collectShapes: 'File to write the shapes into that runs meet',
    tunedShapes: 'File of collected shapes to use',
    allowBuildAtRuntime: 'Build for shapes that are not in that file, too [default: true]',
    explicitQuantization: 'Take the scales from the model’s quantise operators [default: false]',
    optimizationLevel: 'From 0, quick to build, to 5 [default: 3]',
    dla: 'The Deep Learning Accelerator to use: its number, or true [default: none]',
    varseqlen: 'Leave out padding of sequences [default: false]',
    inspector: 'Print what became of the network; serialize: into a file [default: false]',
    memorySharing: 'Let engines share memory [default: false]',
    disableOps: 'Operators that stay with paddle, with commas',
    markOutputs: 'Tensors that an engine gives out too, with commas',
  },
  (name) => `trt-${name}`,
)

/** Flags that are parts of the option of another. */
const parts: readonly (readonly [part: Named, whole: Named])[] = [
  [tensorRtFlags.disablePluginFp16, tensorRtFlags.dynamicShape],
  [tensorRtFlags.allowBuildAtRuntime, tensorRtFlags.tunedShapes],
]

/** A flag that says nothing without another one: the message, or undefined. */
export function tensorRtLacks(args: object): FlagWording | undefined {
  const values = args as Readonly<Record<string, unknown>>
  const given = ([name]: Named): boolean => values[name] !== undefined
  const lacking = parts.find(([part, whole]) => given(part) && !given(whole))
  return lacking && wording`${{ flag: lacking[0][0] }} needs ${{ flag: lacking[1][0] }}.`
}

/** The options that were given; undefined where none was. */
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

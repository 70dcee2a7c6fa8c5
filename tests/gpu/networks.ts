import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sampleFeed, type Feeds, type TensorInfo } from '../../src/inference/index.js'
import { goldenCases } from '../helpers/golden.js'
import * as nets from '../helpers/nets.js'
import { realModels } from '../helpers/real-models.js'
import { readsJson } from '../helpers/wheel.js'

/** A network with what to feed it. */
export interface Network {
  readonly name: string
  readonly model: string
  /** The feeds for its inputs. */
  readonly feedsFor: (inputs: readonly TensorInfo[]) => Feeds
}

/** Networks that a CPU and a GPU cannot be compared with, and why. */
export const leftOut: Readonly<Record<string, string>> = {
  ...(!(await readsJson()) && {
    'every-type': 'returns bfloat16, which Paddle 2.6 does not return',
    'gives-bfloat16': 'returns bfloat16, which Paddle 2.6 does not return',
  }),
  single_big_face_320: 'sorts boxes by scores that rounding changes',
  sensitive: 'is made to change with the least rounding',
  many: 'returns a class for each rounding of its input',
  counting: 'counts its runs',
  tokenizer: 'takes strings, which stay on the CPU',
  'takes-int16': 'takes a type that is not supported',
  'gives-int16': 'returns a type that is not supported',
  'gives-complex64': 'returns a type that is not supported',
  'one-level': 'takes a LoD, which the CPU’s sequence operators read',
  'two-levels': 'takes a LoD, which the CPU’s sequence operators read',
}

/** Every network of `tests/helpers/nets.ts`, in a folder each. */
const makers: Readonly<Record<string, () => Promise<nets.NetFolder>>> = {
  more: () => nets.makeMoreNets('pdmodel'),
  'one-dnn': nets.makeOneDnnNets,
  bfloat16: nets.makeBfloat16Nets,
  tensor: nets.makeTensorNets,
  detectors: nets.makeDetectors,
  segmenters: nets.makeSegmenters,
  classifier: () => nets.makeClassifier(10),
  embedder: () => nets.makeEmbedder(16),
}

/** The generated networks and, if they are there, the trained ones with the feeds that are stored with them. */
export async function allNetworks(): Promise<{ networks: readonly Network[] } & AsyncDisposable> {
  const plain = await nets.makeNets()
  const folders = await Promise.all(
    Object.entries(makers).map(async ([kind, make]) => [kind, await make()] as const),
  )
  const networks = [
    ...(['twoInTwoOut', 'grow', 'fixed', 'heavy'] as const).map((name) => ({ name, model: plain[name] })),
    ...folders.flatMap(([kind, { folder }]) => modelsIn(folder, kind)),
  ].map((network) => ({ ...network, feedsFor: sampleFeeds }))
  return {
    networks: [...networks, ...trained()].filter(
      ({ name }) => !Object.hasOwn(leftOut, name.split('/').at(-1)!),
    ),
    [Symbol.asyncDispose]: async () => {
      for (const made of [plain, ...folders.map(([, folder]) => folder)]) await made[Symbol.asyncDispose]()
    },
  }
}

/** A folder is a model, or each of its folders is one. */
function modelsIn(folder: string, kind: string): { name: string; model: string }[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  const below = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  if (below.length === 0) return [{ name: kind, model: folder }]
  return below.map((name) => ({ name: `${kind}/${name}`, model: join(folder, name) }))
}

function trained(): Network[] {
  const names = ['imagenet-classifier', 'ocr-detector', 'ocr-recognizer-en', 'face-detector-legacy']
  return names.flatMap((name) => {
    const model = join(realModels, name)
    try {
      return goldenCases(model).map((stored) => ({
        name: `${name}/${stored.name}`,
        model,
        feedsFor: () => stored.inputs,
      }))
    } catch {
      return [] // Not on this machine.
    }
  })
}

/** The same feeds each time: two rows, images of 32 × 32 pixels. */
function sampleFeeds(inputs: readonly TensorInfo[]): Feeds {
  return Object.fromEntries(
    inputs.map((input) => {
      const { name, shape } = input
      const free = shape.length === 4 ? 32 : 6
      const sizes = shape.map((size, index) => (size >= 0 ? size : index === 0 ? 2 : free))
      return [name, sampleFeed(input, sizes)]
    }),
  )
}

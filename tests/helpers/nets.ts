import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { madeOnce } from './made-once.js'
import { runPython } from './python.js'

/** Small networks made for the tests; described in `make_nets.py`. */
export interface Nets extends AsyncDisposable {
  readonly twoInTwoOut: string
  readonly grow: string
  /** `grow` that only takes [2, 3]. */
  readonly fixed: string
  readonly heavy: string
}

export async function makeNets(): Promise<Nets> {
  const { folder, ...disposable } = await makeWith('make_nets.py')
  return {
    twoInTwoOut: join(folder, 'two-in-two-out'),
    grow: join(folder, 'grow'),
    fixed: join(folder, 'fixed'),
    heavy: join(folder, 'heavy'),
    ...disposable,
  }
}

/** A folder of generated networks, each in its own folder. */
export interface NetFolder extends AsyncDisposable {
  readonly folder: string
}

/** The format of a program. */
export type NetFormat = 'pdmodel' | 'json'

/** Networks with every kind of input and output; described in `make_more_nets.py`. */
export function makeMoreNets(format: NetFormat): Promise<NetFolder> {
  return makeWith('make_more_nets.py', format)
}

/** Networks that some wheels cannot run with oneDNN; described in `make_one_dnn_nets.py`. */
export function makeOneDnnNets(): Promise<NetFolder> {
  return makeWith('make_one_dnn_nets.py')
}

/** Networks for bfloat16; described in `make_bfloat16_nets.py`. */
export function makeBfloat16Nets(): Promise<NetFolder> {
  return makeWith('make_bfloat16_nets.py')
}

/** Networks that take and return every element type; described in `make_tensor_nets.py`. */
export function makeTensorNets(): Promise<NetFolder> {
  return makeWith('make_tensor_nets.py')
}

/** A small image classifier that takes images of any size; its folder is the model. */
export function makeClassifier(classes: number): Promise<NetFolder> {
  return makeWith('make_classifier.py', String(classes))
}

/** The same with the declared shape [N,C,H,W], -1 for what is left open. */
export function makeSizedClassifier(shape: string, format: NetFormat): Promise<NetFolder> {
  return makeWith('make_classifier.py', '3', shape, format)
}

/** The same with parameters that make all its scores NaN. */
export function makeBrokenClassifier(): Promise<NetFolder> {
  return makeWith('make_classifier.py', '3', '-1,3,32,32', 'pdmodel', 'broken')
}

/** A small feature model that takes images of 32 × 32; its folder is the model, with its `inference.yml`. */
export function makeEmbedder(values: number): Promise<NetFolder> {
  return makeWith('make_embedder.py', String(values))
}

/**
 * Small object detectors, `counted` and `plain`, and `classes`, which is not one; described in
 * `make_detectors.py`.
 */
export function makeDetectors(): Promise<NetFolder> {
  return makeWith('make_detectors.py')
}

/** Small segmentation models, and some that are not; described in `make_segmenters.py`. */
export function makeSegmenters(): Promise<NetFolder> {
  return makeWith('make_segmenters.py')
}

/** A classifier whose result changes with the least change of an image; its folder is the model. */
export function makeSensitive(): Promise<NetFolder> {
  return makeWith('make_sensitive.py')
}

/** A copy of the output of the script. */
async function makeWith(script: string, ...args: readonly string[]): Promise<NetFolder> {
  const source = await readFile(fileURLToPath(new URL(script, import.meta.url)), 'utf8')
  const made = await madeOnce([source, ...args], (draft) => runPython(script, [draft, ...args]))
  const folder = await mkdtemp(join(tmpdir(), 'nets-'))
  await cp(made, folder, { recursive: true })
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

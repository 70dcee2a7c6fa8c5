import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { ImageSource } from '../../src/image/index.js'
import {
  ImageClassifier,
  ImageEmbedder,
  ImageSegmenter,
  ObjectDetector,
  Pipeline,
  type PaddleError,
} from '../../src/index.js'
import { makeDetectors, makeEmbedder, makeSegmenters, type NetFolder } from '../helpers/nets.js'

let detectors: NetFolder
let embedder: NetFolder
let segmenters: NetFolder
beforeAll(async () => {
  detectors = await makeDetectors()
  embedder = await makeEmbedder(6)
  segmenters = await makeSegmenters()
})
afterAll(async () => {
  for (const nets of [detectors, embedder, segmenters]) await nets[Symbol.asyncDispose]()
})

const pixels = { data: new Uint8Array(3 * 8 * 6), width: 8, height: 6, channels: 3 } as const

/** Values that are no images, between two images. */
const values = [
  pixels,
  undefined,
  7,
  ['a.jpg'],
  new Uint8ClampedArray(4),
  { ...pixels, height: 5 },
  new URL('ftp://example.com/a.jpg'),
  pixels,
] as readonly unknown[] as readonly ImageSource[]

const kinds =
  'Expected a path, a file: or data: URL, the bytes of an image file (Uint8Array, ArrayBuffer, DataView, Blob or ' +
  'a stream), a sharp instance, an ImageData or { data, width, height, channels } for `image`, got '
const url =
  'Expected a path, a data: URL, a file: URL on this machine, an http: or https: URL, or for any other URL its ' +
  'contents, for `image`, got `ftp://example.com/a.jpg` (URL).'
const messages = [
  undefined,
  `${kinds}undefined.`,
  `${kinds}\`7\` (number).`,
  `${kinds}an array.`,
  `${kinds}an object (Uint8ClampedArray).`,
  'Expected 120 (8 × 5 × 3) for `image.data.length`, got `144` (number).',
  url,
  undefined,
]

interface LoadedTask extends AsyncDisposable {
  run(
    images: readonly ImageSource[],
  ): AsyncIterable<{ readonly image: unknown; readonly error?: PaddleError }>
  one(image: ImageSource): Promise<unknown>
}

const tasks: readonly (readonly [string, () => Promise<LoadedTask>])[] = [
  [
    'ImageClassifier',
    async () => {
      const task = await ImageClassifier.load(undefined, { workers: 1, onWarning: () => undefined })
      return asTask(
        task,
        (images) => task.classify(images),
        (image) => task.classifyOne(image),
      )
    },
  ],
  [
    'ObjectDetector',
    async () => {
      const task = await ObjectDetector.load(join(detectors.folder, 'counted'), { workers: 1 })
      return asTask(
        task,
        (images) => task.detect(images),
        (image) => task.detectOne(image),
      )
    },
  ],
  [
    'ImageEmbedder',
    async () => {
      const task = await ImageEmbedder.load(embedder.folder, { workers: 1 })
      return asTask(
        task,
        (images) => task.embed(images),
        (image) => task.embedOne(image),
      )
    },
  ],
  [
    'ImageSegmenter',
    async () => {
      const task = await ImageSegmenter.load(join(segmenters.folder, 'ids64'), { workers: 1 })
      return asTask(
        task,
        (images) => task.segment(images),
        (image) => task.segmentOne(image),
      )
    },
  ],
]

function asTask(task: AsyncDisposable, run: LoadedTask['run'], one: LoadedTask['one']): LoadedTask {
  return { run, one, [Symbol.asyncDispose]: () => task[Symbol.asyncDispose]() }
}

test.each(tasks)('%s: a value that is no image is the error of its own place', async (_, load) => {
  await using task = await load()
  const seen: (string | undefined)[] = []
  const codes = new Set<string | undefined>()
  for await (const { image, error } of task.run(values)) {
    expect(image).toBe(values[seen.length])
    seen.push(error?.message)
    codes.add(error?.code)
  }
  expect(seen).toEqual(messages)
  expect([...codes]).toEqual([undefined, 'IMAGE_UNREADABLE'])
  // On its own, it is a mistake of the caller.
  await expect(task.one(values[2]!)).rejects.toThrow(new TypeError(messages[2]))
  await expect(task.one(values[5]!)).rejects.toThrow(new RangeError(messages[5]))
})

test('Pipeline: a value that is no image is the error of its own place', async () => {
  await using pipeline = await Pipeline.load(join(segmenters.folder, 'ids64'), {
    workers: 1,
    postprocess: () => 'done',
  })
  const seen: unknown[] = []
  for await (const { value, error } of pipeline.run(values)) seen.push(value ?? error.message)
  expect(seen).toEqual(messages.map((message) => message ?? 'done'))
})

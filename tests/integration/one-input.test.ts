import '../helpers/nothing-left.js'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { makeColourImages } from '../../scripts/soak/colour-images.js'
import {
  ImageClassifier,
  ImageEmbedder,
  ObjectDetector,
  Pipeline,
  type Classification,
} from '../../src/index.js'
import { tensor } from '../../src/tensor/index.js'
import {
  makeClassifier,
  makeDetectors,
  makeEmbedder,
  makeNets,
  type NetFolder,
  type Nets,
} from '../helpers/nets.js'

const sizes = { resizeSize: 16, cropSize: 16, workers: 1 } as const

let folder: string
let images: string[]
let net: NetFolder
let classifier: ImageClassifier
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-'))
  ;[net, images] = await Promise.all([makeClassifier(10), makeColourImages(folder, 20)])
  classifier = await ImageClassifier.load(net.folder, sizes)
})
afterAll(async () => {
  await classifier.close()
  await net[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const best = ({ topK, error }: Classification): unknown => topK?.map(({ classId }) => classId) ?? error?.code

async function listed(of: ImageClassifier, given: readonly string[], topK: number): Promise<unknown[]> {
  const list: unknown[] = []
  for await (const result of of.classify(given, { topK })) list.push(best(result))
  return list
}

describe('classifyOne', () => {
  test('returns what the list returns', async () => {
    const result = await classifier.classifyOne(images[0]!)
    expect(result).toEqual({ image: images[0], topK: expect.any(Array) })
    expect([best(result)]).toEqual(await listed(classifier, images.slice(0, 1), 1))
  })

  test('calls that come together share batches with each other and with a list, each with its own options', async () => {
    const expected = await listed(classifier, images, 3)
    const { done } = classifier.pool.stats()
    const calls = images.map(async (image, index) =>
      best(await classifier.classifyOne(image, { topK: (index % 3) + 1 })),
    )
    const [alone, list] = await Promise.all([Promise.all(calls), listed(classifier, images, 3)])
    expect(alone).toEqual(expected.map((classes, index) => (classes as number[]).slice(0, (index % 3) + 1)))
    expect(list).toEqual(expected)
    // 40 images in batches of at most 8.
    const runs = classifier.pool.stats().done - done
    expect(runs).toBeGreaterThanOrEqual(5)
    expect(runs).toBeLessThan(20)
  })

  test('`batchSize: 1` shares no batch', async () => {
    const { done } = classifier.pool.stats()
    await Promise.all(images.map((image) => classifier.classifyOne(image, { batchSize: 1 })))
    expect(classifier.pool.stats().done - done).toBe(images.length)
  })

  test('rejects with the error of the image, which does not affect the others', async () => {
    const [missing, found] = await Promise.allSettled([
      classifier.classifyOne('none.png'),
      classifier.classifyOne(images[0]!),
    ])
    expect(missing).toMatchObject({ reason: { code: 'IMAGE_NOT_FOUND' } })
    expect(found.status).toBe('fulfilled')
  })

  test('a list, or no image, is a TypeError that says what to use', async () => {
    const several = new TypeError(
      '`classifyOne` takes one input, not several: use `classify`, which takes a list.',
    )
    await expect(classifier.classifyOne(images as never)).rejects.toThrow(several)
    await expect(classifier.classifyOne(new Set(images) as never)).rejects.toThrow(several)
    await expect(classifier.classifyOne(5 as never)).rejects.toThrow(
      /^Expected a path, a file: URL, .* for `image`, got `5` \(number\)\.$/,
    )
  })

  test('rejects options that only lists have', async () => {
    const finish = new AbortController().signal
    await expect(classifier.classifyOne(images[0]!, { finish } as never)).rejects.toThrow(
      new TypeError(
        'Unknown option `finish`. The options are topK, batchSize, maxDelayMs, signal, timeoutMs.',
      ),
    )
    await expect(classifier.classifyOne(images[0]!, { topK: 0 })).rejects.toThrow(RangeError)
  })

  test('a signal withdraws a call that waits', async () => {
    await using opened = await ImageClassifier.open(net.folder, sizes)
    const stop = new AbortController()
    const stays = opened.classifyOne(images[0]!)
    const leaves = opened.classifyOne(images[1]!, { signal: stop.signal })
    const rejected = expect(leaves).rejects.toMatchObject({
      code: 'ABORTED',
      message: 'Classifying was aborted by its signal.',
    })
    stop.abort()
    await rejected
    expect((await stays).topK).toHaveLength(1)
    await expect(opened.classifyOne(images[0]!, { signal: stop.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    })
  })

  test('more calls than `maxQueue` are rejected with QUEUE_FULL before their image is read', async () => {
    await using opened = await ImageClassifier.open(net.folder, { ...sizes, maxQueue: 2 })
    const calls = ['none.png', images[0]!, images[1]!, images[2]!].map((image) => opened.classifyOne(image))
    const codes = (await Promise.allSettled(calls)).map((call) =>
      call.status === 'rejected' ? (call.reason as { code: string }).code : 'answered',
    )
    expect(codes).toEqual(['IMAGE_NOT_FOUND', 'answered', 'QUEUE_FULL', 'QUEUE_FULL'])
    // Lists wait instead.
    expect(await listed(opened, images, 1)).toHaveLength(images.length)
    expect((await opened.classifyOne(images[0]!)).topK).toHaveLength(1)
  })

  test('close() rejects the calls that wait', async () => {
    const opened = await ImageClassifier.load(net.folder, sizes)
    const calls = Promise.allSettled(images.map((image) => opened.classifyOne(image)))
    await opened.close()
    for (const call of await calls) {
      if (call.status === 'rejected') expect(call.reason).toMatchObject({ code: 'PREDICTOR_CLOSED' })
    }
    await expect(opened.classifyOne(images[0]!)).rejects.toMatchObject({ code: 'PREDICTOR_CLOSED' })
  })
})

describe('other tasks', () => {
  test('detectOne: with the threshold of each call', async () => {
    await using nets = await makeDetectors()
    await using detector = await ObjectDetector.load(join(nets.folder, 'counted'), { workers: 1 })
    const pixels = { width: 192, height: 128, channels: 3 } as const
    const data = new Uint8Array(3 * pixels.width * pixels.height).fill(200)
    const image = { ...pixels, data }
    const all = await detector.detectOne(image, { threshold: 0 })
    expect(all).toMatchObject({ image, size: { width: 192, height: 128 } })
    const counts = await Promise.all(
      [0, 1, 0].map(async (threshold) => (await detector.detectOne(image, { threshold })).boxes.length),
    )
    expect(counts).toEqual([all.boxes.length, 0, all.boxes.length])
    expect(all.boxes.length).toBeGreaterThan(0)
    await expect(detector.detectOne([image] as never)).rejects.toThrow(/use `detect`/)
  })

  test('embedOne', async () => {
    await using model = await makeEmbedder(4)
    await using embedder = await ImageEmbedder.load(model.folder, { workers: 1 })
    const { embedding } = await embedder.embedOne(images[0]!)
    for await (const result of embedder.embed(images[0]!)) expect(result.embedding).toEqual(embedding)
    await expect(embedder.embedOne(images as never)).rejects.toThrow(/use `embed`/)
  })
})

describe('runOne', () => {
  let nets: Nets
  beforeAll(async () => {
    nets = await makeNets()
  })
  afterAll(async () => {
    await nets[Symbol.asyncDispose]()
  })

  const feeds = { x: tensor('float32', [1, 3], [1, 1, 1]), n: tensor('int64', [1], [1n]) }

  test('returns the value, or rejects with the error of a step', async () => {
    await using pipeline = await Pipeline.load(nets.twoInTwoOut, {
      preprocess: (value: number) => {
        if (value < 0) throw new RangeError('negative')
        return { feeds, context: value }
      },
      postprocess: (outputs, { context }) => [Object.keys(outputs).length, context],
      workers: 1,
    })
    expect(await Promise.all([1, 2, 3].map((value) => pipeline.runOne(value)))).toEqual([
      [2, 1],
      [2, 2],
      [2, 3],
    ])
    await expect(pipeline.runOne(-1)).rejects.toThrow(new RangeError('negative'))
    await expect(pipeline.runOne([1] as never)).rejects.toThrow(/use `run`/)
  })
})

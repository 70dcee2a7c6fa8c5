import '../helpers/nothing-left.js'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { makeColourImages } from '../../scripts/soak/colour-images.js'
import {
  ImageClassifier,
  ImageEmbedder,
  ObjectDetector,
  Pipeline,
  type Classification,
} from '../../src/index.js'
import { usableCores } from '../../src/inference/index.js'
import { tensor } from '../../src/tensor/index.js'
import {
  makeClassifier,
  makeDetectors,
  makeEmbedder,
  makeNets,
  type NetFolder,
  type Nets,
} from '../helpers/nets.js'
import { until } from '../helpers/until.js'

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
    // Not one for each of the 40 images; batches are of at most 8.
    const runs = classifier.pool.stats().done - done
    expect(runs).toBeGreaterThanOrEqual(5)
    expect(runs).toBeLessThan(40)
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
      '`classifyOne` takes one image, not several: use `classify`, which takes a list.',
    )
    await expect(classifier.classifyOne(images as never)).rejects.toThrow(several)
    await expect(classifier.classifyOne(new Set(images) as never)).rejects.toThrow(several)
    await expect(classifier.classifyOne(5 as never)).rejects.toThrow(
      /^Expected a path, a file: or data: URL, .* for `image`, got `5` \(number\)\.$/,
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

  test('a signal withdraws a call that waits for others, and one that waits to be preprocessed', async () => {
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

    const patient = new AbortController()
    const waits = opened.classifyOne(images[1]!, { signal: patient.signal, maxDelayMs: Infinity })
    await until(() => Promise.resolve(opened.waiting === 1))
    // More streams than are read at once.
    const endless = Array.from({ length: usableCores() + 2 }, () => new PassThrough())
    const reading = endless.map((stream) => opened.classifyOne(stream, { signal: patient.signal }))
    const outcomes = Promise.allSettled([waits, ...reading])
    patient.abort()
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: { code: 'ABORTED' } })
    for (const stream of endless) stream.destroy()
    expect(opened.waiting).toBe(0)
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

  test.each(['load', 'open'] as const)(
    'close() after %s() rejects all calls: those that wait for others, are preprocessed, or come later',
    async (how) => {
      const opened = await ImageClassifier[how](net.folder, sizes)
      const endless = new PassThrough()
      const calls = Promise.allSettled([
        opened.classifyOne(images[0]!, { maxDelayMs: Infinity }),
        opened.classifyOne(endless),
        opened.ready(),
      ])
      await opened.close()
      const closed = {
        code: 'PREDICTOR_CLOSED',
        message: `The task with ${net.folder} was closed.\nLoad it again.`,
      }
      const [waits, reads, ready] = await calls
      expect([waits, reads]).toEqual(
        [1, 2].map(() => expect.objectContaining({ reason: expect.objectContaining(closed) })),
      )
      if (how === 'open') expect(ready).toMatchObject({ reason: closed })
      await expect(opened.classifyOne('none.png')).rejects.toMatchObject(closed)
      await expect(listed(opened, images, 1)).rejects.toMatchObject(closed)
      endless.destroy()
    },
  )

  test('an error of the model takes precedence over that of an image, as in a list', async () => {
    await using nets = await makeNets()
    await using opened = await ImageClassifier.open(nets.twoInTwoOut)
    await expect(opened.classifyOne('none.png')).rejects.toMatchObject({ code: 'MODEL_UNSUITABLE' })
  })

  test('a list that waits for more images does not hold up calls of another size', async () => {
    const stop = new AbortController()
    async function* endless(): AsyncGenerator<string> {
      yield images[0]!
      yield images[1]!
      await new Promise(() => undefined)
    }
    const list = classifier.classify(endless(), { maxDelayMs: Infinity, signal: stop.signal })
    await list.next()
    const waits = list.next()
    // Another time limit is another batch.
    const timeoutMs = 60_000
    const { topK } = await classifier.classifyOne(images[2]!, {
      batchSize: 1,
      maxDelayMs: Infinity,
      timeoutMs,
    })
    expect(topK).toHaveLength(1)
    stop.abort()
    await expect(waits).rejects.toMatchObject({ code: 'ABORTED' })
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
  })

  test('takes any input with steps of its own, and one image without', async () => {
    await using pipeline = await Pipeline.load(nets.twoInTwoOut, {
      preprocess: (values: Float32Array) => ({ feeds: { ...feeds, x: tensor('float32', [1, 3], values) } }),
      postprocess: (outputs) => Object.keys(outputs).length,
      workers: 1,
    })
    expect(await pipeline.runOne(Float32Array.of(1, 2, 3))).toBe(2)
    await using model = await makeEmbedder(4)
    await using ofImages = await Pipeline.load(model.folder, {
      postprocess: (outputs) => Object.keys(outputs).length,
      workers: 1,
    })
    expect(await ofImages.runOne(images[0]!)).toBe(1)
    await expect(ofImages.runOne(images as never)).rejects.toThrow(/use `run`/)
  })

  test('a feed whose `write` waits for another call does not hang: that call runs in the second lane', async () => {
    const held: { call?: Promise<number[]> } = {}
    await using pipeline = await Pipeline.load(nets.twoInTwoOut, {
      preprocess: (isOuter: boolean) => ({
        feeds: isOuter
          ? {
              ...feeds,
              x: {
                dtype: 'float32' as const,
                shape: [1, 3],
                write: async (data: Float32Array) => {
                  data.set((await held.call) ?? [])
                },
              },
            }
          : feeds,
      }),
      postprocess: (outputs) => [...(Object.values(outputs)[0]!.data as Float32Array)],
      workers: 1,
    })
    const outer = pipeline.runOne(true, { batchSize: 8 })
    held.call = pipeline.runOne(false, { batchSize: 8 })
    expect(await held.call).toHaveLength(3)
    expect(await outer).toHaveLength(3)
  })
})

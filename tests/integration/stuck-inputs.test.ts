import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { ImageClassifier, Pipeline } from '../../src/index.js'
import { describeReal, realModels } from '../helpers/real-models.js'

const hen = join(realModels, 'images/hen.jpg')
const model = join(realModels, 'imagenet-classifier')

describeReal('inputs that come to no end by themselves', () => {
  let classifier: ImageClassifier
  beforeAll(async () => {
    classifier = await ImageClassifier.load(model, { topK: 1, workers: 1 })
  })
  afterAll(() => classifier.close())

  test('abandoned streams are destroyed, and do not block later inputs', async () => {
    for (let upload = 0; upload < 20; upload += 1) {
      const leaving = new AbortController()
      let isCancelled = false
      const web = new ReadableStream<Uint8Array>({ cancel: () => void (isCancelled = true) })
      // The last one is read after the others.
      const stream = new Readable({
        read: () => {
          leaving.abort()
        },
      })
      const results = classifier.classify([web, stream], { signal: leaving.signal })
      await expect(results.next()).rejects.toMatchObject({ code: 'ABORTED' })
      expect([isCancelled, stream.destroyed]).toEqual([true, true])
    }
    for await (const { topK } of classifier.classify(hen)) expect(topK?.[0]?.classId).toBe(383)
  })

  test('custom steps see the aborted signal, and do not block later inputs', async () => {
    const given: AbortSignal[] = []
    await using pipeline = await Pipeline.load(model, {
      preprocess: (_: number, { signal }) => {
        given.push(signal)
        return new Promise<never>(() => undefined)
      },
      postprocess: () => 1,
      workers: 1,
    })
    for (let turn = 0; turn < 5; turn += 1) {
      const leaving = new AbortController()
      const answer = pipeline.run([turn], { signal: leaving.signal }).next()
      leaving.abort()
      await expect(answer).rejects.toMatchObject({ code: 'ABORTED' })
    }
    expect(given.every(({ aborted }) => aborted)).toBe(true)
  })
})

describeReal('feeds that the network does not take', () => {
  test('are the error of that input, and the others continue', async () => {
    const feeds = [
      () => ({ x: { dtype: 'float32' as const, shape: [1, 3, 8, 8], data: new Float32Array(192) } }),
      () => ({ y: { dtype: 'float32' as const, shape: [1, 3, 8, 8], data: new Float32Array(192) } }),
      () => ({ x: { dtype: 'float32' as const, shape: [1, 3, 8, 8], data: new Float32Array(191) } }),
      () => undefined as never,
    ]
    await using pipeline = await Pipeline.load(join(realModels, 'ocr-detector'), {
      preprocess: (index: number) => {
        const own = feeds[index]?.()
        return own === undefined ? (undefined as never) : { feeds: own }
      },
      postprocess: (outputs) => Object.values(outputs)[0]?.shape,
      workers: 1,
    })
    const results = []
    const runs = pipeline.run([2, 1, 3, 2, 1], { batchSize: 8 })
    for await (const { value, error } of runs) results.push(value ?? error?.message)
    expect(results).toEqual([
      'Expected 192 elements for `x.data` of shape [1,3,8,8], got 191.',
      "No input `y`: the model's inputs are `x`.",
      'Expected `preprocess` to return { feeds, context? } with tensors by input name.',
      'Expected 192 elements for `x.data` of shape [1,3,8,8], got 191.',
      "No input `y`: the model's inputs are `x`.",
    ])
  })
})

import '../helpers/nothing-left.js'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { ImageClassifier, type BatchTiming, type Classification } from '../../src/index.js'
import { describeReal, realModels } from '../helpers/real-models.js'
import { readsJson } from '../helpers/wheel.js'

const hen = join(realModels, 'images/hen.jpg')
const face = join(realModels, 'images/face.jpg')

async function all(results: AsyncIterable<Classification>): Promise<Classification[]> {
  const list: Classification[] = []
  for await (const result of results) list.push(result)
  return list
}

/** Without its `inference.yml`. */
async function temporaryCopy(model: string): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'classifier-'))
  for (const name of ['inference.pdmodel', 'inference.pdiparams']) {
    await copyFile(join(model, name), join(path, name))
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

const bestClasses = (results: readonly Classification[]) =>
  results.map(({ topK, error }) => topK?.[0]?.classId ?? error?.code)

describeReal('ImageClassifier', () => {
  let classifier: ImageClassifier
  beforeAll(async () => {
    classifier = await ImageClassifier.load(join(realModels, 'imagenet-classifier'))
  })
  afterAll(() => classifier.close())

  test('returns results as in the model’s inference.yml: five classes with their names', async () => {
    const [result] = await all(classifier.classify(hen))
    expect(result?.image).toBe(hen)
    expect(result?.topK?.map(({ classId, label }) => [classId, label])).toEqual([
      [383, 'hen'],
      [382, 'cock'],
      [406, 'partridge'],
      [402, 'ruffed grouse'],
      [400, 'black grouse'],
    ])
    const probs = result?.topK?.map(({ score }) => score) ?? []
    for (const [index, prob] of [0.953, 0.04, 0.002].entries()) {
      expect(Math.abs((probs[index] ?? 0) - prob)).toBeLessThan(2e-3)
    }
  })

  test.each([1, 2, 3, 16])(
    'keeps the order in batches of %d, with an error for a bad image',
    async (batchSize) => {
      const timings: BatchTiming[] = []
      const done: unknown[] = []
      const images = ['none-1.jpg', hen, 'none-2.jpg', face, hen, face]
      const results = classifier.classify(images, {
        batchSize,
        topK: 1,
        onBatch: (timing) => timings.push(timing),
        onProgress: (progress) => done.push([progress.done, progress.total]),
      })
      const list = await all(results)
      expect(list.map(({ image }) => image)).toEqual(images)
      expect(bestClasses(list)).toEqual(['IMAGE_NOT_FOUND', 383, 'IMAGE_NOT_FOUND', 353, 383, 353])
      // How many images are decoded while a batch runs depends on the machine; unit/batcher has exact batches.
      const counts = timings.map((timing) => timing.images)
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4)
      expect(Math.max(...counts)).toBeLessThanOrEqual(Math.min(batchSize, 4))
      expect(done).toEqual([1, 2, 3, 4, 5, 6].map((count) => [count, 6]))
    },
  )

  test('accepts bytes, and paths from a stream', async () => {
    async function* sources() {
      yield await readFile(hen)
      yield face
    }
    expect(bestClasses(await all(classifier.classify(sources())))).toEqual([383, 353])
    expect(bestClasses(await all(classifier.classify(await readFile(hen))))).toEqual([383])
    expect(await all(classifier.classify([]))).toEqual([])
  })

  test('iteration over an endless source can stop, which closes the source', async () => {
    let returned = false
    function* endless() {
      try {
        for (;;) yield hen
      } finally {
        returned = true
      }
    }
    for await (const { topK } of classifier.classify(endless(), { batchSize: 2 })) {
      expect(topK?.[0]?.classId).toBe(383)
      break
    }
    expect(returned).toBe(true)
    expect(bestClasses(await all(classifier.classify(face)))).toEqual([353])
  })

  test('an image without a successor is classified in a batch of its own', async () => {
    const timings: BatchTiming[] = []
    let answered = (): void => undefined
    async function* oneByOne() {
      for (const image of [hen, face, hen]) {
        const answer = new Promise<void>((resolve) => (answered = resolve))
        yield image
        await answer
      }
    }
    const classes = []
    for await (const { topK } of classifier.classify(oneByOne(), {
      batchSize: 8,
      onBatch: (timing) => timings.push(timing),
    })) {
      classes.push(topK?.[0]?.classId)
      answered()
    }
    expect(classes).toEqual([383, 353, 383])
    expect(timings.map(({ images }) => images)).toEqual([1, 1, 1])
  })

  test('pulls no more images than the work in progress needs, however slowly results are consumed', async () => {
    let taken = 0
    let seen = 0
    let most = 0
    function* counted() {
      for (; taken < 400; taken += 1) yield taken % 10 === 3 ? 'none.jpg' : hen
    }
    for await (const { error } of classifier.classify(counted(), { batchSize: 4 })) {
      most = Math.max(most, taken - seen)
      expect(error?.code).toBe(seen % 10 === 3 ? 'IMAGE_NOT_FOUND' : undefined)
      seen += 1
      if (seen % 100 === 50) for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate)
    }
    expect(seen).toBe(400)
    // Two batches in the worker, one that was returned, one that is being collected, and eight images ahead;
    // an occasional failed image adds to each batch.
    expect(most).toBeLessThanOrEqual(4 * 5 + 8 + 1)
    expect(most).toBeGreaterThan(4)
  })

  test('an abort ends the loop, and the classifier remains usable', async () => {
    const stop = new AbortController()
    const results = classifier.classify(
      Array.from({ length: 100 }, () => hen),
      { batchSize: 1, signal: stop.signal },
    )
    expect((await results.next()).done).toBe(false)
    stop.abort()
    await expect(results.next()).rejects.toMatchObject({
      name: 'PaddleError',
      code: 'ABORTED',
      message: 'Classifying was aborted by its signal.',
    })
    expect(bestClasses(await all(classifier.classify(face)))).toEqual([353])
  })

  test('rejects invalid options and sources', async () => {
    await expect(all(classifier.classify(hen, { topK: 0 }))).rejects.toThrow(
      new RangeError('Expected a positive integer for `topK`, got `0` (number).'),
    )
    await expect(all(classifier.classify(hen, { batch: 2 } as object))).rejects.toThrow(
      new TypeError(
        'Unknown option `batch`. Did you mean `batchSize`? The options are topK, batchSize, maxDelayMs, signal, timeoutMs, finish, onProgress, onBatch.',
      ),
    )
    const wrong: [object, string][] = [
      [{ signal: 5 }, 'Expected an AbortSignal for `signal`, got `5` (number).'],
      [{ timeoutMs: '5' }, 'Expected a positive number for `timeoutMs`, got `5` (string).'],
      [
        { maxDelayMs: '5' },
        'Expected a non-negative number of milliseconds for `maxDelayMs`, got `5` (string).',
      ],
      [{ onBatch: 5 }, 'Expected a function for `onBatch`, got `5` (number).'],
      [{ onProgress: 'log' }, 'Expected a function for `onProgress`, got `log` (string).'],
    ]
    for (const [options, message] of wrong) {
      await expect(all(classifier.classify(hen, options))).rejects.toThrow(new TypeError(message))
    }
    await expect(all(classifier.classify(5 as unknown as string))).rejects.toThrow(
      new TypeError(
        'Expected a path, a file: or data: URL, the bytes of an image file (Uint8Array, ArrayBuffer, DataView, Blob or a stream), a sharp instance, an ImageData or { data, width, height, channels }, or several of them for `images`, got `5` (number).',
      ),
    )
    const notAnImage: unknown = 7
    const [first, second] = await all(classifier.classify([notAnImage as string, hen]))
    expect([first!.image, first!.error?.code, second!.topK?.[0]?.classId]).toEqual([
      7,
      'IMAGE_UNREADABLE',
      383,
    ])
  })

  test('several workers share the batches, and the results keep their order', async () => {
    await using several = await ImageClassifier.load(join(realModels, 'imagenet-classifier'), { workers: 2 })
    const images = Array.from({ length: 12 }, (_, index) => (index % 3 === 2 ? face : hen))
    const alone = bestClasses(await all(classifier.classify([hen, hen, face])))
    expect(bestClasses(await all(several.classify(images, { batchSize: 1 })))).toEqual([
      ...alone,
      ...alone,
      ...alone,
      ...alone,
    ])
    const { workers, done } = several.pool.stats()
    expect(workers).toHaveLength(2)
    expect(done).toBe(12)
  })

  test('open() reads images while the model loads, and then reports a failure to load', async () => {
    await using opened = await ImageClassifier.open(join(realModels, 'imagenet-classifier'))
    expect(() => opened.pool).toThrow(
      new TypeError('The model is still loading: use `await load()` instead of `open()`.'),
    )
    expect(bestClasses(await all(opened.classify([hen, 'none.jpg'])))).toEqual([383, 'IMAGE_NOT_FOUND'])
    expect(opened.pool.size).toBeGreaterThan(0)
    await using wrong = await ImageClassifier.open(join(realModels, 'text-classifier-lod'))
    await expect(all(wrong.classify(['none.jpg']))).rejects.toMatchObject({ code: 'MODEL_UNSUITABLE' })
  })

  test('close() while loading leaves nothing behind', async () => {
    const opened = await ImageClassifier.open(join(realModels, 'imagenet-classifier'))
    const answers = all(opened.classify([hen]))
    await Promise.all([opened.close(), expect(answers).rejects.toMatchObject({ code: 'PREDICTOR_CLOSED' })])
  })

  test('overrides the sizes and labels of the file', async () => {
    const model = (await readsJson()) ? 'imagenet-classifier-pir' : 'imagenet-classifier'
    await using other = await ImageClassifier.load(join(realModels, model), {
      resizeSize: 256,
      topK: 1,
      labels: Array.from({ length: 1000 }, (_, id) => `class ${id}`),
    })
    await other.warmUp(1)
    const [result] = await all(other.classify(hen))
    expect(result?.topK?.map(({ classId, label }) => [classId, label])).toEqual([[383, 'class 383']])
  })

  test('rejects more or fewer labels than classes, from the option or the inference.yml', async () => {
    const model = join(realModels, 'imagenet-classifier')
    await expect(ImageClassifier.load(model, { labels: ['hen'] })).rejects.toMatchObject({
      code: 'LABELS_INVALID',
      message: `The list \`labels\` has 1 label, but ${model} has 1000 classes.\nGive one label for each class.`,
    })
    await using folder = await temporaryCopy(model)
    await writeFile(
      join(folder.path, 'inference.yml'),
      'PostProcess: {Topk: {topk: 1, label_list: [hen, cock]}}',
    )
    await expect(ImageClassifier.load(folder.path)).rejects.toMatchObject({
      code: 'LABELS_INVALID',
      message: `${join(folder.path, 'inference.yml')} has 2 labels, but ${folder.path} has 1000 classes.\nGive one label for each class.`,
    })
    await using nameless = await ImageClassifier.load(folder.path, { labels: [] })
    expect((await all(nameless.classify(hen)))[0]?.topK).toEqual([
      { classId: 918, score: expect.any(Number), prob: expect.any(Number) },
    ])
  })

  test('an inference.yml with inconsistent sizes', async () => {
    await using folder = await temporaryCopy(join(realModels, 'imagenet-classifier'))
    await writeFile(
      join(folder.path, 'inference.yml'),
      'PreProcess: {transform_ops: [ResizeImage: {resize_short: 200}, CropImage: {size: 224}, ToCHWImage: null]}',
    )
    await expect(ImageClassifier.load(folder.path)).rejects.toMatchObject({
      code: 'MODEL_CONFIG_INVALID',
      message:
        `${join(folder.path, 'inference.yml')} crops 224 × 224 out of images of 200 × 200.\n` +
        'Set the sizes: `resizeSize` and `cropSize`.',
    })
  })

  test('a crop larger than any resized image', async () => {
    await expect(
      ImageClassifier.load(join(realModels, 'imagenet-classifier'), { cropSize: 225 }),
    ).rejects.toThrow(
      new RangeError(
        `Expected an integer up to 224 (the size that ${join(realModels, 'imagenet-classifier', 'inference.yml')} resizes to) for \`cropSize\`, got \`225\` (number).`,
      ),
    )
  })

  test('models that are not image classifiers', async () => {
    const text = join(realModels, 'text-classifier-lod')
    await expect(ImageClassifier.load(text)).rejects.toMatchObject({
      code: 'MODEL_UNSUITABLE',
      message:
        `${text} is not an image classifier: its inputs are \`words\` int64 [-1,1] with a LoD, but one float32 [N,3,H,W] is needed.\n` +
        'A detector needs its infer_cfg.yml beside it, a segmentation model its deploy.yaml. Run it with `createPredictor` or `Pipeline`, which take any model.',
    })
    const reader = join(realModels, 'ocr-recognizer-en')
    await expect(ImageClassifier.load(reader)).rejects.toMatchObject({
      code: 'MODEL_UNSUITABLE',
      message: expect.stringMatching(
        /its outputs are `.+` float32 \[-1,.+,97\], but a float32 \[N,classes\] is needed\.\n/,
      ),
    })
  })
})

// What has to compile for a user of tasks, and what must not: `npm run check:types` is the test.
import sharp from 'sharp'
import {
  ImageClassifier,
  ImageSegmenter,
  ObjectDetector,
  Pipeline,
  tensor,
  type Box,
  type ImageSource,
  type LabelMap,
  type PipelineResult,
  type Prediction,
  type Segment,
} from '../../src/index.js'

export const sources: readonly ImageSource[] = [
  'a.jpg',
  new URL('file:///a.jpg'),
  Buffer.alloc(1),
  sharp('a.jpg').rotate(),
  { data: new Uint8Array(3), width: 1, height: 1, channels: 3 },
  // @ts-expect-error two channels are none that can be read
  { data: new Uint8Array(2), width: 1, height: 1, channels: 2 },
]

export async function compiles(): Promise<readonly (Prediction | Box)[]> {
  await using classifier = await ImageClassifier.load('model', { threshold: 0.5, exact: true })
  await using own = await ImageClassifier.load()
  await using ownByWorkers = await ImageClassifier.load(undefined, { workers: 2 })
  // @ts-expect-error a folder comes first
  await ImageClassifier.load({ workers: 2 })
  await Promise.all([own.ready(), ownByWorkers.ready()])
  await using detector = await ObjectDetector.load('model', { boxUnit: 'fraction', labels: ['face'] })
  for await (const { topK, error } of classifier.classify(sources, { topK: 2 })) {
    if (topK) return topK
    error.code satisfies string
  }
  for await (const { boxes, size, error } of detector.detect(sources, { threshold: 0.5 })) {
    if (boxes) return size.width > 0 ? boxes : []
    error.code satisfies string
  }
  const one = await classifier.classifyOne('a.jpg', { topK: 2, signal: AbortSignal.timeout(5) })
  one.image satisfies string
  const { boxes, size } = await detector.detectOne(sources[0] ?? '', { threshold: 0.5 })
  return size.width > 0 ? boxes : one.topK
}

export async function segments(): Promise<[readonly Segment[], LabelMap] | undefined> {
  await using segmenter = await ImageSegmenter.load('model', { labels: ['road'], workers: 1 })
  for await (const { image, segments, labelMap, error } of segmenter.segment(['a.jpg'], { batchSize: 2 })) {
    image satisfies string
    if (segments) return [segments, labelMap]
    error.code satisfies string
  }
  // @ts-expect-error sizes are those of the file
  await ImageSegmenter.load('model', { resizeSize: 8 })
  // @ts-expect-error there are no scores
  segmenter.segment('a.jpg', { threshold: 0.5 })
  return undefined
}

export async function pipelines(): Promise<PipelineResult<number, string>[]> {
  const list: PipelineResult<number, string>[] = []
  await using own = await Pipeline.load('model', {
    preprocess: (value: number) => ({ feeds: { x: tensor('float32', [1], [value]) }, context: { value } }),
    postprocess: ({ y }, { input, context }) => `${input} ${context.value} ${y?.shape.length ?? 0}`,
  })
  for await (const result of own.run([1, 2, 3], { batchSize: 2 })) list.push(result)
  await using ofImages = await Pipeline.load('model', {
    postprocess: (_, { input, context }) => [input satisfies ImageSource, context.original.width],
  })
  for await (const { value } of ofImages.run('a.jpg'))
    value satisfies [ImageSource, number] | undefined | unknown[]
  ;(await own.runOne(1)) satisfies string
  return list
}

export async function mustNotCompile(detector: ObjectDetector): Promise<void> {
  // @ts-expect-error postprocess is missing
  await Pipeline.load('model', {})
  // @ts-expect-error no such unit
  await ObjectDetector.load('model', { boxUnit: 'metre' })
  // @ts-expect-error no such option
  detector.detect('a.jpg', { topK: 1 })
  // @ts-expect-error a list of images
  await detector.detectOne(['a.jpg'])
  // @ts-expect-error an option of lists
  await detector.detectOne('a.jpg', { onProgress: () => undefined })
}

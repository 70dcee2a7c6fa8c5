import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ImageClassifier, ImageEmbedder, inspectModel, type PredictorWarning } from '../../src/index.js'
import { locateModel, readDeclaredSize } from '../../src/model/index.js'
import { planClassifier } from '../../src/tasks/classify/classifier-plan.js'
import { defaultModelFolder } from '../../src/package-files.js'
import { makeSizedClassifier, type NetFolder, type NetFormat } from '../helpers/nets.js'
import { describeReal, realModels } from '../helpers/real-models.js'
import { readsJson } from '../helpers/wheel.js'

const nets: NetFolder[] = []
const formats: NetFormat[] = (await readsJson()) ? ['pdmodel', 'json'] : ['pdmodel']
async function made(shape: string, format: NetFormat = 'pdmodel'): Promise<string> {
  const net = await makeSizedClassifier(shape, format)
  nets.push(net)
  return net.folder
}
afterAll(() => Promise.all(nets.map((net) => net[Symbol.asyncDispose]())))

const image = 'images/demo.jpg'

function listening(): { warnings: PredictorWarning[]; onWarning: (warning: PredictorWarning) => void } {
  const warnings: PredictorWarning[] = []
  const onWarning = (warning: PredictorWarning): void => void warnings.push(warning)
  return { warnings, onWarning }
}

const square = (short: number, side: number): object[] => [
  { step: 'resize', to: { short, fraction: 'cut' } },
  { step: 'crop', size: { width: side, height: side } },
]
const stretched = (width: number, height: number): object[] => [
  { step: 'resize', to: { width, height, by: 'size' } },
]

describe.each(formats)('a classifier in the format %s that nothing else describes', (format) => {
  test.each<[string, object[]]>([
    ['-1,3,320,320', square(365, 320)],
    ['-1,3,32,32', square(36, 32)],
    ['1,3,80,160', stretched(160, 80)],
    // Half declared: the other side is as long.
    ['-1,3,48,-1', square(54, 48)],
    ['-1,3,-1,64', square(73, 64)],
    ['-1,3,224,224', square(256, 224)],
    ['-1,3,-1,-1', square(256, 224)],
  ])('[%s] is fed at the size that it declares', async (shape, steps) => {
    const model = await made(shape, format)
    const { preprocessing } = await planClassifier(model)
    expect(preprocessing.steps).toMatchObject(steps)
    // The worker reads the same shape with paddle.
    const [, , height, width] = (await inspectModel(model)).inputs[0]!.shape
    expect(shape.endsWith(`,${height},${width}`)).toBe(true)
    expect(await readDeclaredSize(await locateModel(model))).toEqual(
      height === -1 && width === -1 ? undefined : { height, width },
    )
  })
})

test('the assumption is said once, and sizes that are set override it', async () => {
  const model = await made('-1,3,32,32')
  const { warnings, onWarning } = listening()
  const load = { workers: 1, onWarning }
  await using classifier = await ImageClassifier.load(model, load)
  await classifier.classifyOne(image)
  await classifier.classifyOne(image)
  const assumed = {
    code: 'PREPROCESSING_ASSUMED',
    message:
      `No file beside ${model} says how to feed it. Images are resized to 36 pixels on the shorter side and cropped to ` +
      '32 × 32, the size that its program declares, and normalised as for ImageNet.\n' +
      'If it was trained otherwise, put its inference.yml beside it, or set `resizeSize` and `cropSize`.',
  }
  expect(warnings).toEqual([assumed])
  // It also has the form of a feature model.
  await using embedder = await ImageEmbedder.load(model, load)
  await embedder.embedOne(image)
  expect(warnings).toEqual([assumed, assumed])
  await using other = await ImageClassifier.load(model, { ...load, resizeSize: 40, cropSize: 40 })
  await other.classifyOne(image)
  expect(warnings.slice(2)).toMatchObject([{ code: 'DIMENSIONS_DIFFER' }])
  await using strict = await ImageClassifier.load(model, { ...load, cropSize: 30, strictShapes: true })
  await expect(strict.classifyOne(image)).rejects.toMatchObject({
    name: 'RangeError',
    message:
      'Input `image` expects float32 [-1,3,32,32], got float32 [1,3,30,30], which `strictShapes` forbids.',
  })
})

test('other sizes are said as they are fed', async () => {
  const said: string[] = []
  for (const shape of ['-1,3,80,160', '-1,3,48,-1']) {
    const { warnings, onWarning } = listening()
    const model = await made(shape)
    await using classifier = await ImageClassifier.load(model, { workers: 1, onWarning })
    await classifier.classifyOne(image)
    expect(warnings).toHaveLength(1)
    said.push(warnings[0]!.message.split('\n')[0]!.replace(model, 'model'))
  }
  const before = 'No file beside model says how to feed it. Images are'
  expect(said).toEqual([
    `${before} resized to 160 × 80 (width × height), the size that its program declares, and normalised as for ImageNet.`,
    `${before} resized to 54 pixels on the shorter side and cropped to 48 × 48, as its program declares a height of 48 ` +
      'and leaves the other side open, and normalised as for ImageNet.',
  ])
})

test('a model with its own file is fed as that says, without a warning', async () => {
  expect((await planClassifier(defaultModelFolder)).declared).toBeUndefined()
})

test.each(['-1,1,32,32', '-1,4,32,32'])(
  '[%s], which takes no colours, is not a classifier',
  async (shape) => {
    const model = await made(shape)
    const loading = ImageClassifier.load(model, { workers: 1, onWarning: () => undefined })
    await expect(loading).rejects.toMatchObject({
      code: 'MODEL_UNSUITABLE',
      message: expect.stringContaining(
        `its inputs are \`image\` float32 [${shape}], but one float32 [N,3,H,W] is needed`,
      ),
    })
  },
)

test('a program for one image gets the images of a list one by one', async () => {
  const model = await made('1,3,32,32')
  const { warnings, onWarning } = listening()
  await using classifier = await ImageClassifier.load(model, { workers: 1, strictShapes: true, onWarning })
  await classifier.warmUp(1, { batchSize: 4 })
  const scores: (number | undefined)[] = []
  for await (const { topK } of classifier.classify([image, image, image], { batchSize: 4 }))
    scores.push(topK?.[0]?.score)
  expect(new Set(scores)).toEqual(new Set([expect.any(Number)]))
  expect(scores).toHaveLength(3)
  expect(warnings.map(({ code }) => code)).toEqual(['PREPROCESSING_ASSUMED'])
})

describeReal('a trained classifier of text lines, without its inference.yml', () => {
  let model: string
  beforeAll(async () => {
    model = await mkdtemp(join(tmpdir(), 'textline-'))
    for (const name of ['inference.json', 'inference.pdiparams'])
      await cp(join(realModels, 'ocr/PP-LCNet_x0_25_textline_ori', name), join(model, name))
  })
  afterAll(() => rm(model, { recursive: true }))

  test('is right at the 80 × 160 that its program declares', async () => {
    if (!formats.includes('json')) return
    await using classifier = await ImageClassifier.load(model, { workers: 1, onWarning: () => undefined })
    for (const [name, classId] of [
      ['textline-0.png', 0],
      ['textline-180.png', 1],
    ] as const) {
      const { topK } = await classifier.classifyOne(join(realModels, 'images', name))
      expect(topK).toMatchObject([{ classId, score: expect.closeTo(1, 1) }])
    }
  })
})

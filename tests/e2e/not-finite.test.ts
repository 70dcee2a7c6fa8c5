import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ImageClassifier, ImageEmbedder, Pipeline, tensor, type PredictorWarning } from '../../src/index.js'
import type { PredictorPool } from '../../src/inference/index.js'
import { detectTask } from '../../src/tasks/detect/object-detector.js'
import { classMaps } from '../../src/tasks/segment/segmenter-signature.js'
import { tutorialPreprocessing } from '../../src/model/index.js'
import { paddleTs } from '../helpers/command-line.js'
import { makeBrokenClassifier, type NetFolder } from '../helpers/nets.js'

const demo = 'images/demo.jpg'

let net: NetFolder
beforeAll(async () => {
  net = await makeBrokenClassifier()
})
afterAll(async () => net[Symbol.asyncDispose]())

const notFinite = (what: string, name: string, model = net.folder): PredictorWarning => ({
  code: 'RESULT_NOT_FINITE',
  message:
    `The ${what} of ${model} for ${name} are not finite: one of them is NaN. Its result means nothing.\n` +
    'Check the parameters of the model, and whether it is fed as it was trained.',
})

function listening(): { warnings: PredictorWarning[]; onWarning: (warning: PredictorWarning) => void } {
  const warnings: PredictorWarning[] = []
  const onWarning = (warning: PredictorWarning): void => void warnings.push(warning)
  return { warnings, onWarning }
}

describe('a result that is not finite', () => {
  test('is a warning with the name of the first image, in each task', async () => {
    const { warnings, onWarning } = listening()
    const load = { workers: 1, onWarning, resizeSize: 36, cropSize: 32 }
    await using classifier = await ImageClassifier.load(net.folder, load)
    const scores: unknown[] = []
    for await (const { topK } of classifier.classify([demo, demo])) scores.push(topK)
    expect(scores).toEqual(Array(2).fill([{ classId: 0, score: NaN, prob: NaN }]))
    await using embedder = await ImageEmbedder.load(net.folder, load)
    await embedder.embedOne(demo)
    await using pipeline = await Pipeline.load(net.folder, {
      preprocess: () => ({ feeds: { image: tensor('float32', [1, 3, 32, 32], new Float32Array(3072)) } }),
      postprocess: () => 1,
      ...{ workers: 1, onWarning },
    })
    expect(await pipeline.runOne('first')).toBe(1)
    expect(warnings).toEqual([
      notFinite('scores', demo),
      notFinite('values', demo),
      notFinite('outputs', 'first'),
    ])
  })

  test('of a detector, also where the threshold drops it', async () => {
    const { warnings, onWarning } = listening()
    const task = detectTask(
      'detector',
      {
        preprocessing: tutorialPreprocessing,
        limits: { threshold: 0.5 },
        labels: { names: [], source: '' },
        boxUnit: () => 'pixel',
      },
      { onWarning },
    )
    const signature = {
      inputs: [{ name: 'image', dtype: 'float32', shape: [-1, 3, -1, -1] }],
      outputs: [
        { name: 'boxes', dtype: 'float32', shape: [-1, 6] },
        { name: 'counts', dtype: 'int32', shape: [-1] },
      ],
    }
    const steps = task.connect(signature as unknown as PredictorPool)
    const size = { width: 4, height: 4 }
    const image = {
      pixels: { ...size, data: new Uint8Array(48) },
      ...{ original: size, resized: size, scale: { x: 1, y: 1 } },
    }
    const outputs = {
      boxes: tensor('float32', [2, 6], [0, 0.9, 0, 0, 1, 1, 0, NaN, 0, 0, 1, 1]),
      counts: tensor('int32', [2], [1, 1]),
    }
    const found = await steps.values(outputs, [image, image], [{}, {}], (index) => `image ${index}`)
    expect(found?.map(({ boxes }) => boxes.length)).toEqual([1, 0])
    expect(warnings).toEqual([notFinite('boxes', 'image 1', 'detector')])
  })

  test('of a segmentation model is checked by the best score of each pixel', async () => {
    const seen: number[][] = []
    const scores = tensor('float32', [1, 2, 1, 2], [1, NaN, 2, 3])
    const maps = classMaps(
      'model',
      'out',
      { out: scores },
      {
        ...{ images: 1, fed: { width: 2, height: 1 } },
        checkBest: (best) => seen.push([...best]),
      },
    )
    expect(await maps?.(0)).toEqual(Uint16Array.of(1, 0))
    expect(seen).toEqual([[2, NaN]])
  })

  test('is said by `infer` once and by `verify` for each image', async () => {
    const flags = ['--model-dir', net.folder, '--resize-size', '36', '--crop-size', '32']
    const infer = await paddleTs(['infer', ...flags, '--json', '--img-path', demo, demo])
    const line = JSON.stringify({ image: demo, topK: [{ classId: 0, score: 'nan', prob: 'nan' }] })
    expect(infer.stdout).toBe(`${line}\n${line}`)
    expect(infer.stderr).toBe(`Warning: ${notFinite('scores', demo).message}\n[RESULT_NOT_FINITE]`)
    const verify = await paddleTs(['verify', ...flags, '--img-path', demo])
    expect(verify.exitCode).toBe(0)
    expect(verify.stdout).toContain('; 3 values of the output are NaN or infinite on both sides')
    expect(verify.stdout).toContain('1 of 1 result is the same, 1 with NaN or infinity on both sides.')
  })
})

/** The transforms of PaddleX 1 and 2 equal those of plain Python, which follows PaddleX' own code. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { inputSize, readPixels } from '../../src/image/index.js'
import { readModelConfig, readOperators } from '../../src/model/index.js'
import { imageFeed } from '../../src/tasks/image-input/image-batch.js'
import { paddleXFile, paddleXForms } from '../helpers/paddlex-forms.js'
import { writeNoise } from '../helpers/noise-image.js'
import { runPython } from '../helpers/python.js'
import { pick, randomFrom } from '../helpers/random.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paddlex-transforms-'))
})
afterAll(() => rm(folder, { recursive: true }))

type Form = Parameters<typeof paddleXFile>[0]

interface Case {
  readonly image: string
  readonly form: Form
  /** The greatest difference in levels of 255. */
  readonly levels: number
}

async function compare(cases: readonly Case[]): Promise<void> {
  const all = []
  for (const { image, form, levels } of cases) {
    const model = await mkdtemp(join(folder, 'model-'))
    await writeFile(join(model, 'model.yml'), paddleXFile(form))
    const files = { format: 'pdmodel', program: join(model, 'model.pdmodel') } as const
    const preprocessing = (await readModelConfig(files))!.preprocessing!
    const raw = (await readOperators(files))!
    const { pixels, original, resized, scale } = await readPixels(image, preprocessing)
    const { width, height } = inputSize(preprocessing, pixels)
    const input = new Float32Array(3 * width * height).fill(NaN)
    await imageFeed([pixels], preprocessing, { written: 0, writing: 0 }).write(input)
    const told = {
      shape: [3, height, width],
      original: [original.height, original.width],
      resized: [resized.height, resized.width],
      scale: [scale.y, scale.x],
    }
    all.push({ line: { image, kind: raw.kind, operators: raw.operators }, input, told, levels })
  }
  const lines = all.map(({ line }) => JSON.stringify(line)).join('\n')
  const answers = (await runPython('reference_transforms.py', [folder], lines)).trim().split('\n')
  for (const [index, { input, line, told, levels }] of all.entries()) {
    expect({ line, ...(JSON.parse(answers[index]!) as object) }).toEqual({ line, ...told })
    const bytes = await readFile(join(folder, `${index}.f32`))
    const theirs = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
    expect(input).toHaveLength(theirs.length)
    let most = 0
    for (const [at, value] of input.entries()) {
      const distance = Math.abs(value - theirs[at]!)
      most = Math.max(most, Number.isNaN(distance) ? Infinity : distance)
    }
    // Normalising scales a difference by at most 1 / (255 * 0.2).
    expect({ line, isNear: most <= levels / 51 }).toEqual({ line, isNear: true })
  }
}

/** What a resize may differ by, as tests/integration/float-steps.test.ts measures it for float32, and 8 bits. */
const inFloat = process.arch === 'x64' ? 2e-3 : 5e-3
const inBytes = 1

test('files as PaddleX writes them', async () => {
  const random = randomFrom(3)
  const images = [await writeNoise(folder, 300, 260, random), await writeNoise(folder, 257, 640, random)]
  await compare(
    Object.values(paddleXForms).flatMap((form: Form) =>
      images.map((image) => ({ image, form, levels: form.version.startsWith('1') ? inFloat : inBytes })),
    ),
  )
})

const flow = (transforms: readonly (readonly [string, object?])[]): string =>
  transforms.map(([name, given]) => `- ${name}: ${JSON.stringify(given ?? {})}`).join('\n')

const values = { mean: [0.4, 0.5, 0.6], std: [0.2, 0.25, 0.3] }

/** Transforms that compute nothing but what float64 decides. */
const exact: readonly [Form['version'], Form['type'], readonly (readonly [string, object?])[]][] = [
  ['1.3.11', 'classifier', [['CenterCrop', { crop_size: 21 }], ['Normalize']]],
  [
    '1.3.11',
    'classifier',
    [
      ['Normalize', { ...values, min_val: [3, 0, 1.5], max_val: [200, 255, 100] }],
      ['CenterCrop', { crop_size: 20 }],
    ],
  ],
  [
    '1.3.11',
    'segmenter',
    [
      ['ResizeByShort', { short_size: 19, max_size: 40 }],
      ['Normalize', values],
    ],
  ],
  [
    '1.3.11',
    'segmenter',
    [
      ['ResizeByShort', { short_size: 19, max_size: -1 }],
      ['Padding', { target_size: [30, 60], im_padding_value: [1, 2.5, 3] }],
    ],
  ],
  ['1.3.11', 'segmenter', [['Resize', { target_size: [33, 47], interp: 'NEAREST' }], ['Normalize']]],
  ['1.3.11', 'detector', [['Resize', { target_size: [33, 47], interp: 'NEAREST' }], ['Normalize']]],
  [
    '1.3.11',
    'detector',
    [
      ['Normalize', values],
      ['Padding', { coarsest_stride: 32, target_size: null }],
    ],
  ],
  [
    '1.3.11',
    'detector',
    [
      ['Padding', { coarsest_stride: 1, target_size: [90, 100] }],
      ['Normalize', values],
    ],
  ],
  [
    '2.1.0',
    'classifier',
    [
      ['CenterCrop', { crop_size: 21 }],
      ['Normalize', { ...values, is_scale: false, max_val: [200, 200, 200] }],
    ],
  ],
  [
    '2.1.0',
    'segmenter',
    [
      ['ResizeByShort', { short_size: 19, max_size: 40, interp: 'NEAREST' }],
      ['Normalize', values],
    ],
  ],
  [
    '2.1.0',
    'segmenter',
    [['Resize', { target_size: [30, 44], keep_ratio: true, interp: 'NEAREST' }], ['Normalize']],
  ],
  [
    '2.1.0',
    'segmenter',
    [
      ['ResizeByLong', { long_size: 44, interp: 'NEAREST' }],
      ['Padding', { target_size: [50, 60], im_padding_value: 3 }],
      ['Normalize', values],
    ],
  ],
  [
    '2.1.0',
    'segmenter',
    [
      ['Normalize', values],
      ['Padding', { im_padding_value: [1, 2, 3] }],
    ],
  ],
]

test('what is computed without interpolation is equal, bit for bit', async () => {
  const random = randomFrom(5)
  const images = [
    await writeNoise(folder, 61, 34, random),
    await writeNoise(folder, 35, 60, random),
    await writeNoise(folder, 32, 32, random),
  ]
  await compare(
    exact.flatMap(([version, type, transforms]) =>
      images.flatMap((image) =>
        (['RGB', 'BGR'] as const).map((mode) => ({
          image,
          form: { version, type, mode, model: 'YOLOv3', transforms: flow(transforms) },
          levels: 0,
        })),
      ),
    ),
  )
})

const methods = ['NEAREST', 'LINEAR', 'CUBIC', 'AREA', 'LANCZOS4']

test('random sizes by every method', async () => {
  const random = randomFrom(9)
  const between = (from: number, to: number): number => from + pick(random, to - from + 1)
  const cases: Case[] = []
  for (let index = 0; index < 60; index += 1) {
    const image = await writeNoise(folder, between(8, 90), between(8, 90), random)
    const interp = methods[index % methods.length]!
    const [short_size, max_size] = [between(8, 60), between(20, 90)]
    const sizes = [between(8, 90), between(8, 90)]
    const isOne = index % 2 === 0
    const resizes: readonly (readonly [string, object])[] = isOne
      ? [['Resize', { target_size: sizes, interp }]]
      : [
          ['Resize', { target_size: sizes, interp, keep_ratio: random() < 0.5 }],
          ['ResizeByShort', { short_size, max_size, interp }],
          ['ResizeByLong', { long_size: max_size, interp }],
        ]
    const resize = resizes[pick(random, resizes.length)]!
    const form: Form = {
      ...{ type: isOne ? 'detector' : 'classifier', model: 'YOLOv3', version: isOne ? '1.3.0' : '2.0.0' },
      transforms: flow([resize, ['Normalize', values]]),
    }
    cases.push({ image, form, levels: isOne ? inFloat : inBytes })
  }
  await compare(cases)
})

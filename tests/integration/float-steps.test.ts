/** Transforms on float32 pixels equal those that numpy and cv2 compute in plain Python. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { inputSize, readPixels, writeFloatInput, type RgbImage } from '../../src/image/index.js'
import { readModelConfig, readOperators } from '../../src/model/index.js'
import { writeNoise } from '../helpers/noise-image.js'
import { runPython } from '../helpers/python.js'
import { pick, randomFrom } from '../helpers/random.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'float-steps-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A transform of the file: its name and its parameters. */
type Transform = readonly [type: string, parameters?: Readonly<Record<string, unknown>>]

interface Case {
  readonly image: string
  readonly transforms: readonly Transform[]
  /** The family of a file of PaddleDetection before 2.0; else they are PaddleSeg's. */
  readonly arch?: string
}

/** The greatest difference of a value. */
interface Difference {
  readonly most: number
}

/** Runs all cases on both sides. */
async function compare(cases: readonly Case[]): Promise<Difference[]> {
  const all = []
  for (const { image, transforms, arch } of cases) {
    const model = await mkdtemp(join(folder, 'model-'))
    const list = transforms.map(([type, given]) => ({ type, ...given }))
    const [file, content] =
      arch === undefined
        ? ['deploy.yaml', { Deploy: { transforms: list } }]
        : ['infer_cfg.yml', { arch, Preprocess: list }]
    await writeFile(join(model, file), JSON.stringify(content))
    const files = { format: 'pdmodel', program: join(model, 'model.pdmodel') } as const
    const preprocessing = (await readModelConfig(files))?.preprocessing
    const raw = await readOperators(files)
    if (!preprocessing?.floatSteps || !raw) throw new Error(`nothing in ${JSON.stringify(content)}`)
    const { pixels, resized, scale } = await readPixels(image, preprocessing)
    const { width, height } = inputSize(preprocessing, pixels)
    const input = new Float32Array(3 * width * height).fill(NaN)
    await writeFloatInput(input, 0, pixels, preprocessing)
    const line = { image, kind: raw.kind, operators: raw.operators }
    const told = {
      ...{ shape: [3, height, width], resized: [resized.height, resized.width] },
      ...(arch !== undefined && { scale: [scale.y, scale.x] }),
    }
    all.push({ line, input, told })
  }
  const lines = all.map(({ line }) => JSON.stringify(line)).join('\n')
  const answers = (await runPython('reference_transforms.py', [folder], lines)).trim().split('\n')
  expect(answers).toHaveLength(cases.length)
  const found: Difference[] = []
  for (const [index, { input, line, told }] of all.entries()) {
    expect({ line, ...(JSON.parse(answers[index]!) as object) }).toMatchObject({ line, ...told })
    const bytes = await readFile(join(folder, `${index}.f32`))
    const theirs = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
    let most = input.length === theirs.length ? 0 : Infinity
    for (const [at, value] of input.entries()) {
      const distance = Math.abs(value - theirs[at]!)
      most = Math.max(most, Number.isNaN(distance) ? Infinity : distance)
    }
    found.push({ most })
  }
  return found
}

const methods = ['NEAREST', 'LINEAR', 'CUBIC', 'AREA', 'LANCZOS4'] as const

const usual = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }

type Bounds = Readonly<Record<(typeof methods)[number], number>>

const isIntel = process.arch === 'x64'

/**
 * The greatest differences in levels of 255. On x64, OpenCV resizes by `LINEAR` and `CUBIC` with Intel's IPP,
 * whose positions are more exact than its own.
 */
const bounds: Bounds = {
  ...{ NEAREST: 0, AREA: 0, LANCZOS4: 2e-4 },
  ...(isIntel ? { LINEAR: 4e-5, CUBIC: 2e-4 } : { LINEAR: 5e-3, CUBIC: 5e-3 }),
}

/** IPP leaves some images of less than 4 pixels a side to OpenCV. */
const boundsOfSmall: Bounds = { ...bounds, ...(isIntel && { LINEAR: 5e-4, CUBIC: 1.5e-3 }) }

describe('a resize', () => {
  /** Random sizes; a third of them are whole reductions, for which OpenCV has separate code. */
  async function casesOf(interp: string, least: number, count: number): Promise<Case[]> {
    const random = randomFrom(11)
    const between = (from: number, to: number): number => from + pick(random, to - from + 1)
    const cases: Case[] = []
    for (let index = 0; index < count; index += 1) {
      const size = [between(1, 90), between(1, 90)] as const
      const [x, y] = index % 3 === 0 ? [between(1, 4), between(1, 4)] : [0, 0]
      const [width, height] = x > 0 ? [x * size[0], y * size[1]] : [between(least, 120), between(least, 120)]
      const image = await writeNoise(folder, width, height, random)
      cases.push({ image, transforms: [['Resize', { target_size: size, interp }]] })
    }
    return cases
  }

  test.each(methods)('by %s', async (interp) => {
    const found = await compare(await casesOf(interp, 4, 40))
    expect(Math.max(...found.map(({ most }) => most))).toBeLessThanOrEqual(bounds[interp])
    const small = await compare(await casesOf(interp, 1, 40))
    expect(Math.max(...small.map(({ most }) => most))).toBeLessThanOrEqual(boundsOfSmall[interp])
  })

  test('of a large image: the rest of the process goes on meanwhile', async () => {
    const data = new Uint8Array(3 * 3000 * 2000).fill(51)
    let turns = 0
    const timer = setInterval(() => (turns += 1), 1)
    const [value] = await writeFloat({ width: 3000, height: 2000, data })
    clearInterval(timer)
    expect(value).toBeCloseTo(51, 4)
    expect(turns).toBeGreaterThan(2)
  })
})

async function writeFloat(image: RgbImage): Promise<Float32Array> {
  const input = new Float32Array(3 * 64 * 64)
  const to = { rule: 'size', size: { width: 64, height: 64 } } as const
  const floatSteps = [{ step: 'resize', to, method: 'area' }] as const
  await writeFloatInput(input, 0, image, { floatSteps, channels: 'RGB' })
  return input
}

test('every transform on its own', async () => {
  const random = randomFrom(5)
  const wide = await writeNoise(folder, 61, 34, random)
  const high = await writeNoise(folder, 34, 61, random)
  const square = await writeNoise(folder, 32, 32, random)
  const transforms: readonly Transform[] = [
    ['Normalize'],
    ['Normalize', usual],
    ['Normalize', { mean: [0.3], std: [0.7] }],
    ['Normalize', { mean: [0, 0, 0], std: [1, 1, 1] }],
    ['Resize'],
    ['Resize', { target_size: [40, 30], keep_ratio: true }],
    ['Resize', { target_size: [30, 40], keep_ratio: true, size_divisor: 16 }],
    ['Resize', { target_size: [45, 33], size_divisor: 32, interp: 'NEAREST' }],
    ['Resize', { target_size: [45, 33], size_divisor: 0 }],
    ['Resize', { target_size: [45, 33], size_divisor: null, interp: 'AREA' }],
    ['ResizeByShort', { short_size: 21 }],
    ['ResizeByShort', { short_size: 21, max_size: 30 }],
    ['ResizeByLong', { long_size: 45 }],
    ['LimitLong', { max_long: 45 }],
    ['LimitLong', { min_long: 77 }],
    ['LimitLong', { min_long: 33, max_long: 100 }],
    ['LimitLong'],
    ['ResizeRangeScaling', { min_value: 50, max_value: 50 }],
    ['ResizeStepScaling', { min_scale_factor: 0.75, max_scale_factor: 0.75 }],
    ['Padding', { target_size: [64, 61] }],
    ['Padding', { target_size: [70, 80], im_padding_value: 3, label_padding_value: 255 }],
    ['PaddingByAspectRatio'],
    ['PaddingByAspectRatio', { aspect_ratio: 1.5, im_padding_value: 0.1 }],
  ]
  const cases = transforms.flatMap((transform) =>
    [wide, high, square].map((image) => ({ image, transforms: [transform] })),
  )
  for (const [index, { most }] of (await compare(cases)).entries()) {
    const { transforms: of } = cases[index]!
    const isLinear = !['Normalize', 'Padding', 'PaddingByAspectRatio'].includes(of[0]![0])
    expect({ of, isExact: most <= (isLinear ? bounds.LINEAR : 0) }).toEqual({ of, isExact: true })
  }
})

test('chains of transforms in any order, and steps that follow one another', async () => {
  const random = randomFrom(23)
  const between = (from: number, to: number): number => from + pick(random, to - from + 1)
  const makers: readonly (() => Transform)[] = [
    () => ['Normalize', usual],
    () => [
      'Resize',
      {
        target_size: [between(20, 90), between(20, 90)],
        keep_ratio: random() < 0.5,
        interp: methods[pick(random, methods.length)],
      },
    ],
    () => ['ResizeByShort', { short_size: between(10, 60), max_size: between(40, 90) }],
    () => ['ResizeByLong', { long_size: between(20, 90) }],
    () => ['LimitLong', { max_long: between(50, 90), min_long: between(20, 50) }],
    () => ['Padding', { target_size: [200, between(200, 220)] }],
    () => ['PaddingByAspectRatio', { aspect_ratio: 0.5 + random() }],
  ]
  const cases: Case[] = []
  for (let index = 0; index < 60; index += 1) {
    const image = await writeNoise(folder, between(8, 90), between(8, 90), random)
    const transforms: Transform[] = []
    const count = between(2, 5)
    while (transforms.length < count) {
      const made = makers[pick(random, makers.length)]!()
      // A second padding may not hold the first one.
      if (!made[0].startsWith('Padding') || !transforms.some(([type]) => type.startsWith('Padding')))
        transforms.push(made)
    }
    cases.push({ image, transforms })
  }
  // Normalising scales a difference with the values, by at most 1 / (255 * 0.224) each.
  for (const [index, { most }] of (await compare(cases)).entries()) {
    const { transforms } = cases[index]!
    expect({ transforms, isNear: most <= 5 * bounds.CUBIC }).toEqual({ transforms, isNear: true })
  }
})

test('an image that is too large for its padding is rejected, as in PaddleSeg', async () => {
  const image = await writeNoise(folder, 31, 20, randomFrom(1))
  await expect(
    compare([{ image, transforms: [['Normalize'], ['Padding', { target_size: [30, 40] }]] }]),
  ).rejects.toMatchObject({
    code: 'IMAGE_TOO_LARGE',
    message: `${image} is 31 × 20 after resizing, too large to be padded to 30 × 40.\nResize it to a smaller size.`,
  })
})

test('detectors of PaddleDetection before 2.0 resize what is normalised', async () => {
  const random = randomFrom(29)
  const between = (from: number, to: number): number => from + pick(random, to - from + 1)
  const means = {
    mean: [102.9801, 115.9465, 122.7717],
    std: [1, 1.5, 2],
    is_scale: false,
    is_channel_first: false,
  }
  const cases: Case[] = []
  for (let index = 0; index < 60; index += 1) {
    const image = await writeNoise(folder, between(8, 120), between(8, 120), random)
    const target_size = between(16, 80)
    const isPadded = random() < 0.3
    const resize = {
      ...{
        target_size,
        max_size: isPadded ? target_size : pick(random, 4) * 30 + target_size,
        use_cv2: true,
      },
      ...{ interp: pick(random, 5), resize_box: false, ...(isPadded && { image_shape: [3, 1, 1] }) },
    }
    cases.push({
      image,
      arch: ['RCNN', 'RetinaNet', 'EfficientDet'][pick(random, 3)]!,
      transforms: [
        ['Normalize', random() < 0.5 ? means : { ...usual, is_channel_first: false }],
        ['Resize', resize],
        ['Permute', { to_bgr: random() < 0.5, channel_first: true }],
        ...(random() < 0.5 ? [['PadStride', { stride: between(2, 40) }] as const] : []),
      ],
    })
  }
  const found = await compare(cases)
  for (const [index, { most }] of found.entries()) {
    const { transforms } = cases[index]!
    const most255 = transforms[0]![1] === means ? bounds.CUBIC : bounds.CUBIC / 255 / 0.224
    expect({ transforms, isNear: most <= most255 }).toEqual({ transforms, isNear: true })
  }
})

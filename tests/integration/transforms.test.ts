import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { inputSize, readPixels, writeInput } from '../../src/image/index.js'
import { readModelConfig, readOperators, type Preprocessing } from '../../src/model/index.js'
import { runPython } from '../helpers/python.js'
import { pick, randomFrom } from '../helpers/random.js'
import { describeReal, realModels } from '../helpers/real-models.js'

/** One image and the operators of one file. */
interface Case {
  readonly image: string
  /** The content of the file; JSON is YAML. */
  readonly content: object
}

/** The outcome of a case in plain Python (tests/helpers/reference_transforms.py). */
type Reference =
  | {
      readonly shape: readonly number[]
      readonly original: readonly number[]
      readonly resized: readonly number[]
      readonly scale: readonly number[]
      readonly error?: undefined
    }
  | { readonly error: string }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'transforms-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** An image of soft shapes and some noise. */
async function writeImage(
  name: string,
  width: number,
  height: number,
  random: () => number,
): Promise<string> {
  const data = new Uint8Array(3 * width * height)
  const [across, down] = [0.05 + random() / 3, 0.05 + random() / 3]
  for (let at = 0; at < data.length; at += 1) {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)]
    data[at] = 127 + 80 * Math.sin(x * across + at) * Math.cos(y * down) + 90 * (random() - 0.5)
  }
  const file = join(folder, `${name}.png`)
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(file)
  return file
}

async function ours({
  image,
  content,
}: Case): Promise<{ reference: object; preprocessing: Preprocessing; input: Float32Array; told: Reference }> {
  const model = await mkdtemp(join(folder, 'model-'))
  await writeFile(join(model, 'inference.yml'), JSON.stringify(content))
  const files = { format: 'pdmodel', program: join(model, 'inference.pdmodel') } as const
  const preprocessing = (await readModelConfig(files))?.preprocessing
  const raw = await readOperators(files)
  if (!preprocessing || !raw) throw new Error(`nothing in ${JSON.stringify(content)}`)
  const { pixels, original, resized, scale } = await readPixels(image, preprocessing, { exact: true })
  const { width, height } = inputSize(preprocessing, pixels)
  const input = new Float32Array(preprocessing.planes * width * height)
  writeInput(input, 0, pixels, preprocessing)
  return {
    reference: { image, kind: raw.kind, operators: raw.operators },
    preprocessing,
    input,
    told: {
      shape: [preprocessing.planes, height, width],
      original: [original.height, original.width],
      resized: [resized.height, resized.width],
      scale: [scale.y, scale.x],
    },
  }
}

/** How many levels of 255 resampling may be off. */
const mostLevels = 1

/** Runs all cases in one Python process, and compares them one by one. */
async function compare(cases: readonly Case[]): Promise<void> {
  const results = []
  for (const one of cases) results.push(await ours(one))
  const lines = results.map(({ reference }) => JSON.stringify(reference)).join('\n')
  const answers = (await runPython('reference_transforms.py', [folder], lines)).trim().split('\n')
  expect(answers.length).toBe(cases.length)
  for (const [index, { reference, preprocessing, input, told }] of results.entries()) {
    expect({ reference, ...(JSON.parse(answers[index] ?? '') as Reference) }).toEqual({ reference, ...told })
    const bytes = await readFile(join(folder, `${index}.f32`))
    const expected = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
    const { steps, normalise } = preprocessing
    const isResized = steps.some(({ step }) => step === 'resize')
    const level = Math.max(...normalise.std.map((std) => Math.abs(normalise.scale / std)))
    const [found, inLevels] = [difference(input, expected), Math.fround(mostLevels * level * 1.001)]
    expect({ reference, isEqual: found === 0, isNear: found <= inLevels }).toEqual({
      reference,
      isEqual: isResized ? expect.any(Boolean) : true,
      isNear: true,
    })
  }
}

function difference(left: Float32Array, right: Float32Array): number {
  let most = left.length === right.length ? 0 : Infinity
  for (const [index, value] of left.entries()) most = Math.max(most, Math.abs(value - (right[index] ?? NaN)))
  return most
}

type Parameters = Readonly<Record<string, unknown>>

const clas = (...operators: readonly (readonly [string, Parameters?])[]): object => ({
  PreProcess: {
    transform_ops: [...operators, ['ToCHWImage'] as const].map(([name, given]) => ({
      [name]: given ?? null,
    })),
  },
})

const detection = (...operators: readonly (readonly [string, Parameters?])[]): object => ({
  Preprocess: operators.map(([type, given]) => ({ type, ...given })),
})

const byOpenCv = ['nearest', 'bilinear', 'LINEAR', 'bicubic', 'area', 'lanczos']
const byPillow = ['nearest', 'bilinear', 'bicubic', 'box', 'lanczos', 'hamming']
const values = { mean: [0.4, 0.5, 0.45], std: [0.2, 0.25, 0.3] }

test('every operator on its own', async () => {
  const image = await writeImage('one', 67, 41, randomFrom(7))
  const contents = [
    clas(),
    clas(['DecodeImage', { to_rgb: false }]),
    clas(['DecodeImage', { img_mode: 'BGR' }], ['NormalizeImage', values]),
    {
      PreProcess: {
        transform_ops: [{ DecodeImage: { channel_first: true } }, { NormalizeImage: { order: 'chw' } }],
      },
    },
    clas(['CropImage', { size: [30, 21] }]),
    clas(['CropImage', { size: [31, 20] }]),
    clas(['CenterCrop', { size: [20, 31] }]),
    clas(['CenterCrop', { size: 38 }]),
    clas(['DecodeImage', { backend: 'PIL' }]),
    clas(['NormalizeImage']),
    clas(['NormalizeImage', { scale: null, mean: null, std: null }]),
    clas(['NormalizeImage', { ...values, scale: '1.0/255.0', order: '' }]),
    clas(['NormalizeImage', { ...values, scale: 1, order: 'hwc', channel_num: 4 }]),
    clas(['KeepKeys', { keep_keys: ['image'] }]),
    clas(['ResizeImage', { size: [50, 60] }]),
    clas(['ResizeImage', { resize_short: 33 }]),
    clas(['ResizeImage', { resize_short: 33, size: null, interpolation: null, size_divisor: null }]),
    clas(['ResizeImage', { resize_short: -1, size: 33 }]),
    clas(['ResizeImage', { resize_short: 33, size: 5, size_divisor: 8 }]),
    clas(['ResizeImage', { size: 33, backend: 'pil' }]),
    ...byOpenCv.flatMap((interpolation) => [
      clas(['ResizeImage', { resize_short: 90, interpolation }]),
      clas(['ResizeImage', { resize_short: 17, interpolation, backend: 'cv2' }]),
    ]),
    ...byPillow.flatMap((interpolation) => [
      clas(['ResizeImage', { resize_short: 90, interpolation, backend: 'pil' }]),
      clas(['ResizeImage', { resize_short: 17, interpolation, backend: 'PIL' }]),
    ]),
    detection(['Permute']),
    detection(['NormalizeImage', values], ['Permute']),
    detection(['NormalizeImage', { ...values, is_scale: false }], ['Permute']),
    detection(['NormalizeImage', { ...values, norm_type: 'none' }], ['Permute']),
    detection(['NormalizeImage', values], ['Permute', { to_bgr: true }]),
    detection(['Pad', { size: [50, 70] }], ['Permute']),
    detection(
      ['Pad', { size: 70, fill_value: [1.5, 2, 3] }],
      ['NormalizeImage', values],
      ['Permute', { to_bgr: true }],
    ),
    detection(['NormalizeImage', values], ['Pad', { size: 70, fill_value: [1.5, 2, 3] }], ['Permute']),
    detection(['Pad', { size: [41, 67] }], ['Permute']),
    detection(['NormalizeImage', values], ['Permute'], ['PadStride', { stride: 32 }]),
    detection(['Pad', { size: 70 }], ['NormalizeImage', values], ['Permute'], ['PadStride', { stride: 32 }]),
    detection(['Permute'], ['PadStride', { stride: 0 }]),
    ...[0, 1, 2, 3, 4].flatMap((interp) => [
      detection(['Resize', { target_size: [90, 70], interp, keep_ratio: false }], ['Permute']),
      detection(['Resize', { target_size: [30, 50], interp }], ['Permute']),
      detection(['Resize', { target_size: 100, interp, keep_ratio: true }], ['Permute']),
    ]),
    detection(['Resize', { target_size: 90, size_divisor: 32, interp: 'LINEAR' }], ['Permute']),
    detection(['Resize', { target_size: 90, size_divisor: null }], ['Permute']),
    detection(['LetterBoxResize', { target_size: [60, 50] }], ['Permute']),
    detection(['WarpAffine', { keep_res: true }], ['Permute']),
    detection(['WarpAffine', { keep_res: true, pad: 7 }], ['NormalizeImage', values], ['Permute']),
  ]
  await compare(contents.map((content) => ({ image, content })))
})

test('null is rejected where it is not a value, also in plain Python', async () => {
  const image = await writeImage('null', 9, 9, randomFrom(5))
  const refused: readonly (readonly [object, string, string, string])[] = [
    ...['to_rgb', 'img_mode', 'channel_first', 'to_np', 'backend'].map(
      (name) => ['DecodeImage', name, {}] as const,
    ),
    ...['backend', 'return_numpy'].map((name) => ['ResizeImage', name, { size: 5 }] as const),
    ['CropImage', 'size', {}] as const,
    ['CenterCrop', 'size', {}] as const,
    ...['order', 'channel_num', 'output_fp16'].map((name) => ['NormalizeImage', name, {}] as const),
    ['KeepKeys', 'keep_keys', {}] as const,
  ].map(([operator, name, given]) => [
    clas([operator, { ...given, [name]: null }]),
    'inference.yml',
    operator,
    name,
  ])
  const ofDetectors = [
    ...['target_size', 'keep_ratio', 'interp'].map((name) => ['Resize', name, { target_size: 5 }] as const),
    ...['mean', 'std', 'is_scale', 'norm_type'].map((name) => ['NormalizeImage', name, {}] as const),
    ...['to_bgr', 'channel_first'].map((name) => ['Permute', name, {}] as const),
    ...['size', 'fill_value'].map((name) => ['Pad', name, { size: 9 }] as const),
    ['PadStride', 'stride', {}] as const,
  ].map(
    ([operator, name, given]) =>
      [detection([operator, { ...given, [name]: null }]), 'infer_cfg.yml', operator, name] as const,
  )
  const all = [...refused, ...ofDetectors]
  const why = all.map(([, , operator, name]) => `${operator}.${name} cannot be null`)
  const own = await Promise.allSettled(all.map(([content]) => ours({ image, content })))
  const messages = own.map((one) => (one.status === 'rejected' ? String(one.reason) : 'it is taken'))
  expect(messages.map((message) => message.split(' is not valid: ')[1]?.split('.\n')[0])).toEqual(why)
  const lines = await Promise.all(
    all.map(async ([content, kind]) => {
      const model = await mkdtemp(join(folder, 'model-'))
      await writeFile(join(model, 'inference.yml'), JSON.stringify(content))
      const raw = await readOperators({ format: 'pdmodel', program: join(model, 'inference.pdmodel') })
      return JSON.stringify({ image, kind, operators: raw?.operators })
    }),
  )
  const answers = (await runPython('reference_transforms.py', [folder], lines.join('\n'))).trim().split('\n')
  expect(answers.map((answer) => JSON.parse(answer) as object)).toEqual(
    why.map((error) => ({ error: `ValueError: ${error}` })),
  )
})

test('chains of operators, on images of any size', async () => {
  const random = randomFrom(11)
  const oneOf = <T>(list: readonly T[]): T => list[pick(random, list.length)] as T
  const size = (most: number): number => 1 + pick(random, most)
  const chain = (): object => {
    const short = 20 + size(60)
    if (random() < 0.5) {
      const backend = oneOf(['cv2', 'pil'])
      const interpolation = oneOf(backend === 'cv2' ? byOpenCv : byPillow)
      const resize = random() < 0.6 ? { resize_short: short } : { size: [short + pick(random, 9), short] }
      const channels = random() < 0.3 ? [['DecodeImage', { to_rgb: false }] as const] : []
      const crop = oneOf(['CropImage', 'CenterCrop'])
      return clas(
        ...channels,
        ['ResizeImage', { ...resize, backend, interpolation }],
        [crop, { size: size(short) }],
        ...(random() < 0.2 ? [['ResizeImage', { size: size(50) }] as const] : []),
        ['NormalizeImage', { ...values, scale: '1/255', channel_num: oneOf([3, 4]) }],
      )
    }
    const [height, width] = [short + pick(random, 30), short + pick(random, 30)]
    return detection(
      ['Resize', { target_size: [height, width], keep_ratio: random() < 0.6, interp: pick(random, 5) }],
      ...(random() < 0.4 ? [['Pad', { size: Math.max(height, width) + pick(random, 3) }] as const] : []),
      ['NormalizeImage', { ...values, is_scale: random() < 0.8 }],
      ['Permute'],
      ...(random() < 0.5 ? [['PadStride', { stride: 1 + pick(random, 40) }] as const] : []),
    )
  }
  const cases: Case[] = []
  for (let index = 0; index < 100; index += 1) {
    // No side is so thin that OpenCV would leave nothing of it.
    const [width, height] = [8 + size(90), 8 + size(90)]
    cases.push({ image: await writeImage(`any-${index}`, width, height, random), content: chain() })
  }
  await compare(cases)
})

test('images in the middle of larger ones, of any size', async () => {
  const random = randomFrom(13)
  const cases: Case[] = []
  for (let index = 0; index < 40; index += 1) {
    const [width, height] = [20 + pick(random, 140), 20 + pick(random, 140)]
    const image = await writeImage(`middle-${index}`, width, height, random)
    const target_size = [20 + pick(random, 80), 20 + pick(random, 80)]
    const after = [
      ['NormalizeImage', values] as const,
      ['Permute'] as const,
      ['PadStride', { stride: 32 }] as const,
    ]
    cases.push(
      { image, content: detection(['LetterBoxResize', { target_size }], ...after) },
      { image, content: detection(['WarpAffine', { keep_res: true, input_h: 512, input_w: 512 }], ...after) },
      {
        image,
        content: detection(['WarpAffine', { input_h: target_size[0], input_w: target_size[1] }], ...after),
      },
    )
  }
  await compare(cases)
})

describeReal('photographs', () => {
  test('the preprocessing of models of each family', async () => {
    const images = ['hen.jpg', 'face.jpg', 'ocr-page.jpg', 'word-joint.png'].map((name) =>
      join(realModels, 'images', name),
    )
    const contents = [
      clas(['ResizeImage', { resize_short: 256 }], ['CropImage', { size: 224 }], ['NormalizeImage']),
      clas(['ResizeImage', { size: 96, backend: 'pil', interpolation: 'bicubic' }], ['NormalizeImage']),
      detection(
        ['Resize', { target_size: [320, 320], keep_ratio: false, interp: 2 }],
        ['NormalizeImage', {}],
        ['Permute'],
      ),
      detection(
        ['Resize', { target_size: [200, 333] }],
        ['NormalizeImage', {}],
        ['Permute'],
        ['PadStride', { stride: 32 }],
      ),
    ]
    await compare(images.flatMap((image) => contents.map((content) => ({ image, content }))))
  })
})

test('no memory is allocated for inputs that are too large', async () => {
  const image = await writeImage('thin', 3000, 1, randomFrom(3))
  const content = clas(['ResizeImage', { resize_short: 2000 }])
  await expect(ours({ image, content })).rejects.toMatchObject({
    code: 'IMAGE_TOO_LARGE',
    message:
      `${image} would become an input of 12000000000 pixels (6000000 × 2000), above the limit of 67108864.\n` +
      'Resize it to a smaller size.',
  })
  const padded = detection(['Pad', { size: 100 }], ['Permute'])
  await expect(ours({ image, content: padded })).rejects.toMatchObject({
    code: 'IMAGE_TOO_LARGE',
    message: `${image} is 3000 × 1 after resizing, too large to be padded to 100 × 100.\nResize it to a smaller size.`,
  })
})

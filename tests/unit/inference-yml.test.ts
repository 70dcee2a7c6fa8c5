import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readInferenceYml, type InferenceYml } from '../../src/model/index.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yml-'))
  await writeFile(join(folder, 'names.txt'), 'ant\nbee\n')
})
afterAll(() => rm(folder, { recursive: true }))

async function read(text: string): Promise<InferenceYml | undefined> {
  await writeFile(join(folder, 'inference.yml'), text)
  return readInferenceYml({ format: 'pdmodel', program: join(folder, 'inference.pdmodel') })
}

const operators = (...lines: string[]): string =>
  `PreProcess:\n  transform_ops:\n${lines.map((line) => `  - ${line}\n`).join('')}  - ToCHWImage:\n`

const plain = { scale: 1, mean: [0, 0, 0], std: [1, 1, 1] }

test('PaddleClas’ own form', async () => {
  const text = `Global:
  model_name: PPLCNet
PreProcess:
  transform_ops:
  - ResizeImage:
      resize_short: 232
  - CropImage:
      size: 200
  - NormalizeImage:
      channel_num: 3
      mean: [0.5, 0.4, 0.3]
      std: [0.1, 0.2, 0.3]
      scale: 0.00392156862745098
      order: ''
  - ToCHWImage: null
PostProcess:
  Topk:
    topk: 5
    label_list: [cat, 2, true]
Hpi: {}
`
  expect(await read(text)).toEqual({
    preprocessing: {
      resize: { short: 232, fraction: 'round' },
      crop: { width: 200, height: 200 },
      normalise: { scale: 0.00392156862745098, mean: [0.5, 0.4, 0.3], std: [0.1, 0.2, 0.3] },
    },
    topK: 5,
    labels: ['cat', '2', 'true'],
  })
})

test('a file of names beside it', async () => {
  expect(await read('PostProcess:\n  Topk: {topk: 1, class_id_map_file: names.txt}\n')).toEqual({
    topK: 1,
    labels: ['ant', 'bee'],
  })
})

test('sizes of both sides, and what operators mean that say nothing', async () => {
  const text = operators(
    'DecodeImage: {to_rgb: true}',
    'ResizeImage: {size: [192, 48], backend: pil}',
    'NormalizeImage:',
  )
  expect(await read(text)).toEqual({
    preprocessing: {
      resize: { width: 192, height: 48 },
      normalise: { scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    },
  })
  expect(await read(operators())).toEqual({ preprocessing: { normalise: plain } })
})

test.each([
  ["'1.0/255.0'", 1 / 255],
  ["'1./255'", 1 / 255],
  ["' 0.5 '", 0.5],
  ['1e-2', 0.01],
])('a scale of %s', async (scale, value) => {
  const yml = await read(operators(`NormalizeImage: {scale: ${scale}}`))
  expect(yml?.preprocessing?.normalise.scale).toBe(value)
})

test('no file, and an empty PreProcess', async () => {
  await rm(join(folder, 'inference.yml'), { force: true })
  expect(
    await readInferenceYml({ format: 'pdmodel', program: join(folder, 'inference.pdmodel') }),
  ).toBeUndefined()
  expect(await read('Global: {}\n')).toEqual({})
})

test('beside a model of separate files, it lies in the folder itself', async () => {
  await writeFile(join(folder, 'inference.yml'), 'PostProcess: {Topk: {topk: 3}}')
  expect(await readInferenceYml({ format: '__model__', program: folder })).toEqual({ topK: 3 })
})

describe('what is not valid', () => {
  const known = 'DecodeImage, ResizeImage, CropImage, NormalizeImage, ToCHWImage, KeepKeys'
  test.each([
    ['an unknown operator', operators('Pad: {size: 2}'), `the operator Pad is unknown, known are ${known}`],
    [
      'an unknown operator of PostProcess',
      'PostProcess: {ThreshOutput: {threshold: 0.5}}',
      'the operator ThreshOutput of PostProcess is unknown, known is Topk',
    ],
    [
      'an unknown parameter',
      operators('ResizeImage: {resize_short: 2, keep_ratio: true}'),
      'ResizeImage: Unrecognized key: "keep_ratio"',
    ],
    [
      'a wrong type',
      operators('ResizeImage: {resize_short: big}'),
      'ResizeImage.resize_short: Invalid input: expected number, received string',
    ],
    [
      'a wrong size',
      operators('CropImage: {size: [1]}'),
      'CropImage.size: expected a size or [width, height]',
    ],
    [
      'another order of colours',
      operators('DecodeImage: {img_mode: BGR}'),
      'DecodeImage.img_mode: Invalid input: expected "RGB"',
    ],
    [
      'another resampling',
      operators('ResizeImage: {resize_short: 2, interpolation: lanczos}'),
      'ResizeImage.interpolation: Invalid option: expected one of "bilinear"|"BILINEAR"',
    ],
    [
      'two sizes',
      operators('ResizeImage: {resize_short: 2, size: 3}'),
      'ResizeImage needs either resize_short or size',
    ],
    [
      'another order of operators',
      operators('CropImage: {size: 2}', 'ResizeImage: {size: 3}'),
      `ResizeImage cannot come after CropImage: the order is ${known}`,
    ],
    [
      'two operators in one',
      operators('{CropImage: {size: 2}, KeepKeys: }'),
      'transform_ops[0] is not one operator with its parameters',
    ],
    [
      'no channels first',
      'PreProcess: {transform_ops: [{CropImage: {size: 2}}]}',
      'transform_ops lacks ToCHWImage, without which nothing is fed',
    ],
    ['a std of 0', operators('NormalizeImage: {std: [1, 0, 1]}'), 'NormalizeImage divides by a std of 0'],
    [
      'code for a scale',
      operators('NormalizeImage: {scale: \'__import__("os").getpid()\'}'),
      'NormalizeImage.scale is neither a number nor a fraction: __import__("os").getpid()',
    ],
    [
      'a division by 0',
      operators("NormalizeImage: {scale: '1/0'}"),
      'NormalizeImage.scale is neither a number nor a fraction: 1/0',
    ],
    [
      'a topk of 0',
      'PostProcess: {Topk: {topk: 0}}',
      'PostProcess.Topk.topk: Too small: expected number to be >0',
    ],
    ['no mapping', '[1, 2]', 'the file: Invalid input: expected object, received array'],
    [
      'no YAML',
      'a: [1',
      'Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 6',
    ],
    ['a bomb of aliases', bomb(), 'Excessive alias count indicates a resource exhaustion attack'],
  ])('%s', async (_, text, problem) => {
    await expect(read(text)).rejects.toMatchObject({
      name: 'PaddleError',
      code: 'MODEL_CONFIG_INVALID',
      message: `${folder}/inference.yml is not valid: ${problem}.\nCorrect the file, or remove it and give the sizes yourself.`,
    })
  })

  test('a file of names that is not there', async () => {
    await expect(read('PostProcess: {Topk: {class_id_map_file: none.txt}}')).rejects.toMatchObject({
      code: 'LABELS_INVALID',
      message: `There are no labels at ${folder}/none.txt.\nGive a text file with one label a line.`,
    })
  })
})

/** Ten lines that stand for 10¹⁰ values. */
function bomb(): string {
  const lines = Array.from({ length: 10 }, (_, level) => {
    const of = level === 0 ? 'x' : `*l${level - 1}`
    return `l${level}: &l${level} [${Array.from({ length: 10 }, () => of).join(', ')}]`
  })
  return lines.join('\n')
}

test('an alias bomb and a file of a gigabyte are refused at once', async () => {
  const levels = Array.from(
    { length: 9 },
    (_, level) => `a${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(', ')}]`,
  )
  await expect(read(`a0: &a0 [x]\n${levels.join('\n')}\nPreProcess: *a9\n`)).rejects.toMatchObject({
    code: 'MODEL_CONFIG_INVALID',
    message: expect.stringContaining('Excessive alias count indicates a resource exhaustion attack'),
  })
  await writeFile(join(folder, 'inference.yml'), '')
  await truncate(join(folder, 'inference.yml'), 2 ** 30)
  const program = join(folder, 'inference.pdmodel')
  await expect(readInferenceYml({ format: 'pdmodel', program })).rejects.toMatchObject({
    code: 'MODEL_CONFIG_INVALID',
    message: expect.stringContaining('it has 1073741824 bytes, and 8388608 are the most'),
  })
})

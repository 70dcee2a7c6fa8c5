import '../helpers/nothing-left.js'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import {
  convertToMixedPrecision,
  createPredictor,
  getNumBytesOfDataType,
  getTrtCompileVersion,
  getTrtRuntimeVersion,
  getVersion,
  inspectModel,
  type ConvertOptions,
  type DataTypeName,
} from '../../src/inference/index.js'
import { interpreterArguments, interpreterEnvironment } from '../../src/python/index.js'
import { dtypeNames } from '../../src/tensor/index.js'
import { goldenCases, greatestDifference } from '../helpers/golden.js'
import { makeNets, type Nets } from '../helpers/nets.js'
import { testPython } from '../helpers/python.js'
import { describeReal, realModels } from '../helpers/real-models.js'
import { wheelVersion } from '../helpers/wheel.js'

const doctor = fileURLToPath(new URL('../../models/doctor', import.meta.url))
let folder: string
let nets: Nets
let wheel: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convert-'))
  nets = await makeNets()
  wheel = await wheelVersion()
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await nets[Symbol.asyncDispose]()
})

describe('module functions', () => {
  test('versions', async () => {
    const [version, compiled, found] = await Promise.all([
      getVersion(),
      getTrtCompileVersion(),
      getTrtRuntimeVersion(),
    ])
    expect(version).toMatch(new RegExp(`^version: ${wheel}\ncommit: \\w+\nbranch: .+\n$`))
    expect(compiled).toEqual([0, 0, 0])
    expect(found).toEqual([0, 0, 0])
  })

  test('wrong options', async () => {
    await expect(getVersion({ pyhton: 'x' } as object)).rejects.toThrow(
      new TypeError(
        'Unknown option `pyhton`. Did you mean `python`? The options are python, signal, timeoutMs.',
      ),
    )
    await expect(getVersion({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' })
  })
})

describe('inspectModel', () => {
  test('a model with parameters', async () => {
    const answer = await inspectModel(doctor)
    const [program, params] = [join(doctor, 'inference.pdmodel'), join(doctor, 'inference.pdiparams')]
    expect(answer).toEqual({
      format: 'pdmodel',
      program,
      params,
      passedOver: [],
      reason: undefined,
      writtenBy: '3.3.1',
      files: [
        { file: program, bytes: (await stat(program)).size },
        { file: params, bytes: (await stat(params)).size },
      ],
      inputs: [{ name: 'x', dtype: 'float32', shape: [-1, 3] }],
      outputs: [expect.objectContaining({ dtype: 'float32', shape: [-1, 3] })],
      operators: { elementwise_add: 1, matmul_v2: 1, softmax: 1 },
      parameters: { tensors: 2, elements: 12, bytes: { float32: 48 } },
    })
  })

  test('a network without parameters, and a damaged program', async () => {
    const answer = await inspectModel(nets.twoInTwoOut)
    expect(answer.parameters).toEqual({ tensors: 0, elements: 0, bytes: {} })
    expect(answer.params).toBeUndefined()
    await writeFile(join(folder, 'damaged.pdmodel'), (await readFile(answer.program)).subarray(0, 99))
    await expect(inspectModel(join(folder, 'damaged'))).rejects.toMatchObject({
      code: 'MODEL_LOAD_FAILED',
      message: `${folder}/damaged.pdmodel is not a complete Paddle program.\nCopy or export the model again.`,
    })
  })
})

describeReal('inspectModel of trained models', () => {
  test.each([
    ['imagenet-classifier', 'pdmodel', '3.3.1', 55, 1046488],
    ['imagenet-classifier-pir', 'json', '3.3', 91, 1046488],
    ['imagenet-classifier-int8', 'pdmodel', '3.3.1', 181, undefined],
    ['ocr-detector', 'pdmodel', '2.2.2', 236, undefined],
    ['ocr-recognizer-en', 'pdmodel', '2.0.0', 185, undefined],
    ['textline-orientation', 'pdmodel', undefined, 184, undefined],
    ['text-classifier-lod', '__model__', undefined, 13, 803874],
    ['face-detector-legacy', '__model__', undefined, 165, undefined],
  ])('%s', async (name, format, writtenBy, operators, elements) => {
    const answer = await inspectModel(join(realModels, name))
    expect(answer).toMatchObject({ format, writtenBy, passedOver: [] })
    expect(Object.values(answer.operators).reduce((sum, count) => sum + count, 0)).toBe(operators)
    if (elements !== undefined) expect(answer.parameters.elements).toBe(elements)
    const files = format === '__model__' ? answer.parameters.tensors + 1 : 2
    expect(answer.files).toHaveLength(files)
  })
})

describe('convertToMixedPrecision', () => {
  /** These run in bfloat16 on the CPU too, from Paddle 3 on. */
  const options = (name: string): ConvertOptions => ({
    model: nets.heavy,
    outputDir: join(folder, name),
    precision: 'bf16',
    whiteList: ['matmul_v2'],
  })

  test('makes smaller files that load again', async () => {
    const converted = await convertToMixedPrecision(options('a/b'))
    const { outputDir } = options('a/b')
    expect(converted).toEqual({
      folder: outputDir,
      files: [join(outputDir, 'inference.pdmodel'), join(outputDir, 'inference.pdiparams')],
      operators: 60,
      inputs: [{ name: 'x', dtype: 'float32', shape: [-1, 1024] }],
      outputs: [expect.objectContaining({ dtype: 'float32', shape: [-1, 1024] })],
    })
    expect((await readdir(outputDir)).sort()).toEqual(['inference.pdiparams', 'inference.pdmodel'])
    const inspected = await inspectModel(outputDir)
    expect(inspected.parameters.bytes).toEqual({ bfloat16: 2 * 1024 * 1024, float32: 4 * 1024 })
  })

  test('converts inputs and outputs too', async () => {
    const { inputs } = await convertToMixedPrecision({
      ...options('io'),
      precision: 'fp16',
      keepIoTypes: false,
    })
    expect(inputs).toEqual([{ name: 'x', dtype: 'float16', shape: [-1, 1024] }])
  })

  test('with a CPU wheel and no white list nothing is converted, which is an error', async () => {
    const outputDir = relative(process.cwd(), join(folder, 'nothing'))
    const nothing = { ...options('nothing'), outputDir, whiteList: undefined }
    await expect(convertToMixedPrecision(nothing)).rejects.toMatchObject({
      code: 'CONVERT_FAILED',
      message:
        `No operator of ${nets.heavy}/inference.pdmodel was converted: paddle ${wheel} is built without GPU support and has ` +
        'none of its operators.\n' +
        'Convert it with a wheel for GPU, or name the operators to convert in the white list.',
    })
    expect(await readdir(folder)).not.toContain('nothing')
  })

  test('an unknown operator, a custom device that is not there', async () => {
    await expect(
      convertToMixedPrecision({ ...options('lists'), model: doctor, blackList: ['matmul'] }),
    ).rejects.toMatchObject({
      code: 'CONVERT_FAILED',
      message: `The black list names matmul, but ${doctor}/inference.pdmodel has no such operator.\nIt has elementwise_add, matmul_v2, softmax.`,
    })
    await expect(
      convertToMixedPrecision({ ...options('custom'), precision: 'fp16', backend: 'custom' }),
    ).rejects.toMatchObject({
      code: 'CONVERT_FAILED',
      message:
        'There is no custom device: this paddle has no plug-in for one.\nInstall the plug-in, or name another backend.',
    })
  })

  test('a folder that cannot be written', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(convertToMixedPrecision(options('file/deep'))).rejects.toMatchObject({
      code: 'CONVERT_TARGET_UNUSABLE',
      message:
        `The converted files cannot be written into ${folder}/file/deep (ENOTDIR): a part of its path is a file.\n` +
        'Use another folder.',
    })
  })

  test('an abort leaves nothing behind', async () => {
    await mkdir(join(folder, 'aborted'))
    const signal = AbortSignal.timeout(400)
    await expect(convertToMixedPrecision({ ...options('aborted/deep/er'), signal })).rejects.toMatchObject({
      code: 'ABORTED',
    })
    expect(await readdir(join(folder, 'aborted'))).toEqual([])
  })

  test.each<[object, Error]>([
    [{ precision: 'fp8' }, new RangeError('Expected `fp16` or `bf16` for `precision`, got `fp8` (string).')],
    [
      { backend: 'cpu' },
      new RangeError('Expected `gpu`, `xpu` or `custom` for `backend`, got `cpu` (string).'),
    ],
    [
      { backend: 'xpu' },
      new RangeError('Expected `fp16` for backend `xpu` for `precision`, got `bf16` (string).'),
    ],
    [
      { whiteList: 'conv2d' },
      new TypeError('Expected an array of names of operators for `whiteList`, got `conv2d` (string).'),
    ],
    [{ keepIoTypes: 1 }, new TypeError('Expected a boolean for `keepIoTypes`, got `1` (number).')],
    [
      { outputDir: '' },
      new RangeError('Expected a string that is not empty for `outputDir`, got `` (string).'),
    ],
  ])('%j is refused', async (wrong, error) => {
    await expect(convertToMixedPrecision({ ...options('wrong'), ...wrong })).rejects.toThrow(error)
  })

  test('the model’s own folder is refused', async () => {
    await expect(convertToMixedPrecision({ ...options(''), outputDir: nets.heavy })).rejects.toThrow(
      new RangeError(
        `Expected a folder other than the model’s for \`outputDir\`, got \`${nets.heavy}\` (string).`,
      ),
    )
  })
})

describeReal('convertToMixedPrecision of trained models', () => {
  test('the converted model answers nearly the same; a CPU of Paddle 2.6 cannot run it', async () => {
    const model = join(realModels, 'textline-orientation')
    const outputDir = join(folder, 'textline')
    await convertToMixedPrecision({ model, outputDir, precision: 'bf16', whiteList: ['conv2d'] })
    const [golden] = goldenCases(model)
    await using predictor = await createPredictor({ model: outputDir, oneDnn: false })
    const running = predictor.run(golden!.inputs)
    if (wheel.startsWith('2.')) {
      await expect(running).rejects.toMatchObject({
        code: 'RUN_FAILED',
        message: expect.stringContaining(
          'The device does not have this operator for the dtype of its tensors: a model converted to float16 or bfloat16 is for a GPU.',
        ),
      })
      return
    }
    const [output] = Object.values(await running)
    expect(greatestDifference(output!, Object.values(golden!.outputs)[0]!)).toBeLessThan(0.01)
  })

  test('parameters in separate files become one', async () => {
    const outputDir = join(folder, 'separate')
    const model = join(realModels, 'text-classifier-lod')
    const { files } = await convertToMixedPrecision({
      ...{ model, outputDir, precision: 'fp16', keepIoTypes: false },
      whiteList: ['mul', 'elementwise_add'],
    })
    expect(files.map((file) => basename(file))).toEqual(['inference.pdmodel', 'inference.pdiparams'])
    expect((await inspectModel(outputDir)).parameters.tensors).toBe(9)
  })

  test('a .json', async () => {
    const model = join(realModels, 'imagenet-classifier-pir')
    await expect(
      convertToMixedPrecision({ model, outputDir: join(folder, 'json'), precision: 'fp16' }),
    ).rejects.toMatchObject({
      code: 'CONVERT_FAILED',
      message:
        `${model}/inference.json is in the format of Paddle 3, which paddle's converter does not support.\n` +
        'Export the network with --format pdmodel, and convert that.',
    })
  })
})

test('getNumBytesOfDataType is right, and is what paddle answers where it does', async () => {
  expect(dtypeNames.map((name) => [name, getNumBytesOfDataType(name)])).toEqual([
    ['float64', 8],
    ['float32', 4],
    ['float16', 2],
    ['bfloat16', 2],
    ['int64', 8],
    ['int32', 4],
    ['int8', 1],
    ['uint8', 1],
    ['bool', 1],
  ])
  const code =
    'import json; from paddle import inference as i; ' +
    'print(json.dumps({n: i.get_num_bytes_of_data_type(getattr(i.DataType, n)) for n in dir(i.DataType) if n.isupper()}))'
  const { stdout } = await execa(await testPython(), [...interpreterArguments, '-c', code], {
    env: interpreterEnvironment(),
    extendEnv: false,
  })
  const answers = Object.entries(JSON.parse(stdout) as Record<DataTypeName, number>)
  const known = answers.filter(([, bytes]) => bytes !== -1) as [DataTypeName, number][]
  expect(known.map(([name]) => name).sort()).toEqual(['FLOAT32', 'INT32', 'INT64', 'UINT8'])
  for (const [name, bytes] of known) expect([name, getNumBytesOfDataType(name)]).toEqual([name, bytes])
  expect(() => getNumBytesOfDataType('Float32' as 'float32')).toThrow(
    new RangeError(`Expected one of ${dtypeNames.join(', ')} for \`dtype\`, got \`Float32\` (string).`),
  )
})

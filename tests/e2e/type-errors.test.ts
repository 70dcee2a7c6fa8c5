import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { compile } from '../helpers/compile.js'
import { root } from '../helpers/project.js'

/** What the package exports, and values of the types of arguments. */
const head = `
import * as paddleTs from 'paddle-ts'
const {
  createPredictor, PredictorPool, createPool, Config, ImageClassifier, ObjectDetector, ImageSegmenter, ImageEmbedder,
  Pipeline, exportModel, convertToMixedPrecision, inspectModel, readImage, imageTensor, resizeImage,
  ensureEnvironment, tensor,
} = paddleTs
declare const config: paddleTs.Config
declare const predictor: paddleTs.Predictor
declare const pool: paddleTs.PredictorPool
declare const classifier: paddleTs.ImageClassifier
declare const detector: paddleTs.ObjectDetector
declare const pipeline: paddleTs.Pipeline<string, number>
declare const image: paddleTs.RgbImage
`

const preprocess = '(path: string) => ({ feeds: {} })'

/** A wrong call, and what the message of the compiler must contain. */
const calls: readonly (readonly [call: string, ...words: string[]])[] = [
  ["createPredictor({ model: 'm', devise: 'cpu' })", "'devise'", "Did you mean to write 'device'?"],
  ["createPredictor({ modle: 'm' })", "'modle'", "Did you mean to write 'model'?"],
  ['createPredictor({})', "Property 'model' is missing"],
  ["createPredictor('m')", "type 'PredictorOptions'"],
  ["createPredictor({ model: 'm', cpuThreads: '2' })", `Type '"2"'`, `number | "auto"`],
  ["createPredictor({ model: 'm', precision: 'half' })", `Type '"half"'`, 'Precision'],
  ["createPredictor({ model: 'm', oneDnn: { capacity: 1 } })", "'capacity'", 'OneDnnOptions'],
  ["createPredictor({ model: 'm', tensorRt: { maxBatch: 1 } })", "'maxBatch'", 'TensorRtOptions'],
  ["createPredictor({ model: 'm', passes: { sett: [] } })", "'sett'", "'set'"],
  ["createPredictor({ model: 'm' }, { strict: false })", 'Expected 1 arguments, but got 2.'],
  ['createPredictor(config, { strickt: true })', "'strickt'", "'strict'"],
  ["createPredictor(config, { device: 'cpu' })", "'device'", "type 'StartOptions'"],
  ["PredictorPool.create({ model: 'm', wrokers: 2 })", "'wrokers'", "'workers'"],
  ["PredictorPool.create({ model: 'm', devise: 'cpu' })", "'devise'", "'device'"],
  ["PredictorPool.create({ model: 'm', workers: '2' })", `Type '"2"'`],
  ['PredictorPool.create(config, { wrokers: 2 })', "'wrokers'", "'workers'"],
  ["createPool({ models: { a: { model: 'm', devise: 'cpu' } } })", "'devise'", "'device'"],
  ["createPool({ models: { a: config, b: { modle: 'm' } } })", "'modle'", "'model'"],
  ["createPool({ models: { a: { model: 'm', python: 'p' } } })", "'python'", "type 'PooledModelOptions'"],
  ["createPool({ models: { a: { model: 'm' } }, wrokers: 2 })", "'wrokers'", "'workers'"],
  ["ImageClassifier.load('m', { topk: 5 })", "'topk'", "'topK'"],
  ["ImageClassifier.load('m', { devise: 'cpu' })", "'devise'", "'device'"],
  ["ObjectDetector.load('m', { treshold: 0.5 })", "'treshold'", "'threshold'"],
  ["ImageSegmenter.load('m', { lables: [] })", "'lables'", "'labels'"],
  ["ImageEmbedder.load('m', { cropsize: 1 })", "'cropsize'", "'cropSize'"],
  ["Pipeline.load('m', { postprocess: () => 1, devise: 'cpu' })", "'devise'", "'device'"],
  [
    `Pipeline.load('m', { preprocess: ${preprocess}, postprocess: () => 1, devise: 'cpu' })`,
    "'devise'",
    "'device'",
  ],
  [`Pipeline.load('m', { preprocess: ${preprocess}, postproces: () => 1 })`, "'postproces'", "'postprocess'"],
  [`Pipeline.load('m', { preprocess: ${preprocess} })`, "Property 'postprocess' is missing"],
  ["Pipeline.load('m', { preprocess: (a: string) => ({ feed: {} }), postprocess: () => 1 })", 'feed: {}'],
  ["exportModel({ mode: 'LeNet' })", "'mode'", "'model'"],
  ["convertToMixedPrecision({ model: 'm', outputDir: 'o', precison: 'fp16' })", "'precison'", "'precision'"],
  ["inspectModel('m', { pyton: 'p' })", "'pyton'", 'InspectOptions'],
  ["ensureEnvironment({ pyton: 'p' })", "'pyton'", 'EnvironmentOptions'],
  ["readImage('a', { maxPixel: 1 })", "'maxPixel'", "'maxPixels'"],
  ['imageTensor(image, { meen: [0] })', "'meen'", 'ImageTensorOptions'],
  ['resizeImage(image, { widht: 1, height: 1 })', "'widht'", "'width'"],
  ['predictor.run({}, { timeout: 5 })', "'timeout'", "'timeoutMs'"],
  ["predictor.run({ x: { dtype: 'float32', shap: [1], data: new Float32Array(1) } })", "'shap'"],
  ["predictor.run({ x: { dtype: 'float32', shape: [1], data: new Int8Array(1) } })", "property 'data'"],
  ['predictor.clone({ timeout: 5 })', "'timeout'", "'timeoutMs'"],
  ['pool.run({}, { retires: 1 })', "'retires'", "'retries'"],
  ["classifier.classify(['a'], { topk: 5 })", "'topk'", "'topK'"],
  ["classifier.classifyOne('a', { topk: 5 })", "'topk'", "'topK'"],
  ["detector.detectOne('a', { treshold: 0.5 })", "'treshold'", "'threshold'"],
  ["pipeline.run(['a'], { bachSize: 1 })", "'bachSize'", "'batchSize'"],
  ["pipeline.runOne('a', { bachSize: 1 })", "'bachSize'", "'batchSize'"],
  ["new Config('m', 'p', { pyton: 'x' })", "'pyton'", "'python'"],
  ['config.enableTensorrtEngine({ batchSize: 8 })', "'batchSize'", "'maxBatchSize'"],
  ["config.enableTensorrtEngine('8')", `'"8"'`, 'TensorrtEngineArguments'],
  ['config.enableXpu({ l3size: 1 })', "'l3size'", "'l3Size'"],
  ["config.enableUseGpu(100, 0, 'fp16')", `'"fp16"'`, 'PrecisionType'],
  ["tensor('float', [1], new Float32Array(1))", `'"float"'`],
]

/** The line of the call in its module. */
const callLine = head.split('\n').length

/** What blames something else than the argument: other overloads, and the insides of a Config. */
const blamesOther = /No overload|RecordedConfig|ConfigMethods|#model|type 'undefined'\.$/m

test('the compiler’s message on a wrong call names the wrong option, and nothing else', () => {
  const paths = calls.map((_, index) => join(root, 'docs', `wrong-call-${index}.ts`))
  const sources = calls.map(([call], index) => [paths[index]!, `${head}void ${call}\nexport {}`] as const)
  const found = compile(new Map(sources))
  const problems = calls.flatMap(([call, ...words], index) => {
    const messages = found.filter(({ file, line }) => file === paths[index] && line === callLine)
    const text = messages.map((message) => message.text).join('\n')
    const missing = words.filter((word) => !text.includes(word))
    const isFine = messages.length === 1 && missing.length === 0 && !blamesOther.test(text)
    return isFine ? [] : [{ call, missing, text }]
  })
  expect(problems).toEqual([])
  expect(found).toHaveLength(calls.length)
})

test('right calls compile, and have the types of their arguments', () => {
  const source = `${head}
declare const options: paddleTs.PredictorOptions
declare const either: paddleTs.Config | paddleTs.PredictorOptions
declare const start: paddleTs.StartOptions
declare const models: paddleTs.ModelPoolOptions<'p' | 'q'>
declare const images: paddleTs.ImagePipelineOptions<number>
class Own extends Config {}
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <A, B>(_: Same<A, B>): void => {}
export async function right(): Promise<void> {
  for (const one of [options, either]) await createPredictor(one)
  await createPredictor(config)
  await createPredictor(new Own('m'), start)
  await createPredictor({ model: 'm', precision: 'bf16', onWarning: ({ code }) => void code.length })
  await createPredictor({ ...options, oneDnn: { ops: ['relu'] } })
  const made = { model: 'm', cpuThreads: 2 }
  await createPredictor(made)
  await PredictorPool.create({ model: 'm', workers: 'auto', onEvent: ({ type }) => void type.length })
  await PredictorPool.create(config, { workers: 2, strict: false })
  const pool = await createPool({ models: { a: config, b: { model: 'm', cpuThreads: 'auto' } }, workers: 2 })
  same<keyof typeof pool.models, 'a' | 'b'>(true)
  same<keyof Awaited<ReturnType<typeof createPool<typeof models.models>>>['models'], 'p' | 'q'>(true)
  await createPool(models)
  const byModel = await Pipeline.load('m', {
    postprocess: (outputs, { input, context }) => {
      same<typeof input, paddleTs.ImageSource>(true)
      same<typeof context, paddleTs.ImageContext>(true)
      return Object.keys(outputs)
    },
  })
  same<typeof byModel, paddleTs.Pipeline<paddleTs.ImageSource, string[]>>(true)
  const own = await Pipeline.load('m', {
    preprocess: async (url: URL, { signal }) => ({ feeds: {}, context: { isLate: signal.aborted } }),
    postprocess: async (_, { input, context }) => {
      same<typeof input, URL>(true)
      same<typeof context, { isLate: boolean }>(true)
      return 1
    },
  })
  same<typeof own, paddleTs.Pipeline<URL, number>>(true)
  const plain = await Pipeline.load('m', {
    preprocess: ${preprocess},
    postprocess: (_, { context }) => {
      same<typeof context, undefined>(true)
      return 'a'
    },
  })
  same<typeof plain, paddleTs.Pipeline<string, string>>(true)
  same<Awaited<ReturnType<typeof Pipeline.load<string, number>>>, paddleTs.Pipeline<string, number>>(true)
  await Pipeline.load('m', images)
  config.enableTensorrtEngine().enableTensorrtEngine({ maxBatchSize: 8 }).enableTensorrtEngine(1, 2, 3)
  config.enableLiteEngine({ zeroCopy: true }).enableLiteEngine(paddleTs.PrecisionType.Half, true)
}`
  expect(compile(new Map([[join(root, 'docs', 'right-calls.ts'), source]]))).toEqual([])
})

// What has to compile for a user, and what must not: `npm run check:types` is the test.
import ndarray, { type NdArray } from 'ndarray'
import {
  createPredictor,
  PrecisionType,
  tensor,
  type Config,
  type Feed,
  type PassBuilder,
  type PoolOptions,
  type Predictor,
  type TaskEvent,
  type Tensor,
} from '../../src/index.js'

export async function compiles(predictor: Predictor, floats: Float32Array, anyArray: NdArray): Promise<void> {
  const feeds: Record<string, Feed> = {
    tensor: tensor('float32', [3], floats),
    plain: { dtype: 'int64', shape: [1], data: new BigInt64Array(1), lod: [[0, 1]] },
    written: { dtype: 'float32', shape: [3], write: (data) => void data.fill(0.5) },
    array: ndarray(floats, [3]),
    long: ndarray(new BigInt64Array(3), [3]),
    any: anyArray,
  }
  const outputs: Record<string, Tensor> = await predictor.run(feeds, { timeoutMs: 5 })
  const [first] = Object.values(outputs)
  if (first?.dtype === 'float32') {
    const narrowed: Float32Array = first.data
    feeds['again'] = { ...first, data: narrowed }
  }
  const handle = predictor.getInputHandle('x')
  handle.copyFromCpu(predictor.getOutputHandle('y').copyToCpu())
  handle.copyFromCpu(floats)
  await using closed = predictor
  await closed.run()
}

export async function mustNotCompile(predictor: Predictor): Promise<void> {
  // @ts-expect-error the array is not that of the dtype
  tensor('int64', [1], new Float32Array(1))
  // @ts-expect-error no such dtype
  tensor('float', [1], new Float32Array(1))
  // @ts-expect-error no such option
  await predictor.run({}, { timeout: 5 })
  // @ts-expect-error a forgotten await
  Object.values<Tensor>(predictor.run({}))
}

export async function configCompiles(config: Config): Promise<void> {
  const same: Config = config
    .enableMkldnn()
    .setOnednnOp(new Set(['relu']))
    .enableTensorrtEngine({ maxBatchSize: 8 })
  const builder: PassBuilder = same.passBuilder().appendPass('a').deletePass('b')
  const passes: string[] = await builder.allPasses()
  same.enableCustomPasses(passes).enableUseGpu(100, 0, PrecisionType.Half)
  const usesGpu: boolean = await same.useGpu()
  same.switchIrOptim(usesGpu)
}

export function configMustNotCompile(config: Config): void {
  // @ts-expect-error no such precision
  config.enableUseGpu(100, 0, 'fp16')
  // @ts-expect-error a number is missing
  config.enableUseGpu()
  // @ts-expect-error no such argument
  config.enableTensorrtEngine({ batchSize: 8 })
  // @ts-expect-error a read is a promise
  config.switchIrOptim(config.irOptim())
  // @ts-expect-error no such option
  void createPredictor({ model: 'm', cpuThread: 1 })
  // @ts-expect-error no such precision
  void createPredictor({ model: 'm', precision: 'half' })
  // @ts-expect-error no such option of oneDNN
  void createPredictor({ model: 'm', oneDnn: { capacity: 1 } })
}

export function told(event: TaskEvent): string {
  switch (event.type) {
    case 'workerStart':
      return `${event.worker} ${event.startMs}`
    case 'workerExit':
      return `${event.runs} ${event.signal ?? event.exitCode ?? event.error?.code ?? ''}`
    case 'retry':
      return `${event.attempt} of ${event.retries + 1}: ${event.error.code}`
    case 'recycle':
      return `${event.reason} ${event.rssBytes ?? ''}`
    case 'split':
      return String(event.inputs.length)
    case 'quarantine':
      return event.error.message
  }
}

export const poolOptions: readonly PoolOptions[] = [
  { retries: 0, startTimeoutMs: 1000, maxRssMb: 2000, maxRunsPerWorker: 100 },
  // @ts-expect-error no such option
  { retry: 1 },
]

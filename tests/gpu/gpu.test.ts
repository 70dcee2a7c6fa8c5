import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Config, createPredictor, getTrtRuntimeVersion, sampleFeed } from '../../src/inference/index.js'
import type { Feeds, Outputs, PredictorOptions } from '../../src/inference/index.js'
import { defaultModelFolder } from '../../src/package-files.js'
import { fromHalves, type Tensor } from '../../src/tensor/index.js'
import { testWhere } from '../helpers/test-where.js'
import { allNetworks, leftOut, type Network } from './networks.js'

/** How a network runs, and how far its outputs may be from the CPU's, as a share of the greatest value. */
interface Setting {
  readonly name: string
  readonly options: Omit<PredictorOptions, 'model'>
  readonly tolerance: number
  /** Collects the shapes on the CPU first, for TensorRT. */
  readonly isTuned?: boolean
}

// A GPU computes float32 with TF32, whose fraction has 10 bits, as float16's has; bfloat16's has 7.
const settings: readonly Setting[] = [
  { name: 'GPU fp32', options: { device: 'gpu' }, tolerance: 5e-3 },
  { name: 'GPU fp16', options: { device: 'gpu', precision: 'fp16' }, tolerance: 2e-2 },
  { name: 'GPU bf16', options: { device: 'gpu', precision: 'bf16' }, tolerance: 1e-1 },
  { name: 'TensorRT fp32', options: { device: 'gpu', tensorRt: true }, tolerance: 5e-3, isTuned: true },
  {
    name: 'TensorRT fp16',
    options: { device: 'gpu', precision: 'fp16', tensorRt: true },
    tolerance: 2e-2,
    isTuned: true,
  },
]

const { networks, ...made } = await allNetworks()
const [major] = await getTrtRuntimeVersion()
const notFound = 'libnvinfer is not found'
const lines: string[] = []
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gpu-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await made[Symbol.asyncDispose]()
  for (const [name, why] of Object.entries(leftOut)) lines.push(`Left out: ${name}, which ${why}.`)
  process.stderr.write(`${lines.join('\n')}\n`)
})

/** The numbers of a tensor. */
function numbersOf({ dtype, data }: Tensor): ArrayLike<number> {
  if (dtype === 'float16' || dtype === 'bfloat16') return fromHalves(dtype, data)
  return Array.from(data, Number)
}

/**
 * How far two tensors are apart: the greatest difference as a share of the greatest value, or of whole
 * numbers, such as classes, the share that differs.
 */
function apart(a: Tensor, b: Tensor): number {
  const [left, right] = [numbersOf(a), numbersOf(b)]
  const isWhole = !a.dtype.includes('float')
  let [most, difference, different] = [1e-6, 0, 0]
  for (let index = 0; index < left.length; index++) {
    const [one, other] = [left[index]!, right[index]!]
    most = Math.max(most, Math.abs(one))
    // NaN must not pass for equal.
    difference = Math.max(difference, Number.isNaN(one - other) ? Infinity : Math.abs(one - other))
    different += Number(one !== other)
  }
  return isWhole ? different / Math.max(1, left.length) : difference / most
}

async function outputsOf(model: string, options: Setting['options'], feeds: Feeds): Promise<Outputs> {
  await using predictor = await createPredictor({ model, ...options })
  if (options.device === 'gpu') expect(predictor.info).toMatchObject({ device: 'gpu:0' })
  if (options.tensorRt) expect(predictor.info.tensorRt).toBe(true)
  return await predictor.run(feeds)
}

/** The outputs of a network on the CPU, and what it was fed. */
async function onCpu(
  config: Config,
  feedsFor: Network['feedsFor'],
): Promise<{ feeds: Feeds; expected: Outputs }> {
  await using predictor = await createPredictor(config)
  const feeds = feedsFor(predictor.inputs)
  return { feeds, expected: await predictor.run(feeds) }
}

describe.each(settings)('$name', ({ options, tolerance, isTuned = false, name: setting }) => {
  if (isTuned && major === 0) {
    test.skip(`agrees with the CPU (skipped: ${notFound})`, () => undefined)
    lines.push(`Not compared: ${setting} with the CPU, as ${notFound}.`)
    return
  }
  test.each(networks)('$name agrees with the CPU', async ({ name, model, feedsFor }) => {
    const shapes = join(folder, `${setting}-${name.replaceAll('/', '-')}.pbtxt`)
    const config = new Config(model).disableOnednn()
    const { feeds, expected } = await onCpu(isTuned ? config.collectShapeRangeInfo(shapes) : config, feedsFor)
    const tuned = isTuned ? { ...options, tensorRt: { tunedShapes: shapes } } : options
    const got = await outputsOf(model, tuned, feeds)
    const formOf = (outputs: Outputs) =>
      Object.entries(outputs).map(([output, { dtype, shape }]) => [output, dtype, shape])
    expect(formOf(got)).toEqual(formOf(expected))
    const distances = Object.entries(expected).map(
      ([output, value]) => [output, apart(value, got[output]!)] as const,
    )
    expect(distances.filter(([, distance]) => distance > tolerance)).toEqual([])
  })
})

/** GPU memory in use, in MiB, of all processes. */
function usedMemory(): number {
  const query = ['--query-gpu=memory.used', '--format=csv,noheader,nounits', '--id=0']
  return Number(execFileSync('nvidia-smi', query, { encoding: 'utf8' }))
}

const measured: readonly Setting[] = [{ name: 'CPU', options: {}, tolerance: 0 }, ...settings]

test.each(measured)('throughput and memory: $name', async ({ name, options, isTuned = false }) => {
  if (isTuned && major === 0) {
    lines.push(`Not measured: ${name}, as ${notFound}.`)
    return
  }
  const before = usedMemory()
  await using predictor = await createPredictor({ model: defaultModelFolder, ...options })
  const [input] = predictor.inputs as [(typeof predictor.inputs)[0]]
  const batch = 32
  const feeds = { [input.name]: sampleFeed(input, [batch, ...input.shape.slice(1)]) }
  for (let run = 0; run < 5; run++) await predictor.run(feeds)
  const memory = usedMemory() - before
  const begun = performance.now()
  const runs = 50
  for (let run = 0; run < runs; run++) await predictor.run(feeds)
  const rate = (1000 * runs * batch) / (performance.now() - begun)
  lines.push(`${name}: ${Math.round(rate)} images/s in batches of ${batch}, ${memory} MiB of GPU memory`)
  expect(rate).toBeGreaterThan(0)
  if (options.device === 'gpu') expect(memory).toBeGreaterThan(0)
  else expect(Math.abs(memory)).toBeLessThan(64)
})

const testWithTensorRt = testWhere(major > 0, notFound)
if (major === 0) lines.push(`Not tried: TensorRT requested before the GPU, as ${notFound}.`)

testWithTensorRt(
  'TensorRT requested before the GPU is an error, where paddle itself would ignore it',
  async () => {
    const config = new Config(defaultModelFolder).enableTensorrtEngine().enableUseGpu(100)
    await expect(createPredictor(config)).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message:
        'TensorRT was requested, but no GPU before it, and paddle runs TensorRT on a GPU only.\n' +
        'Call enableUseGpu() before enableTensorrtEngine(), or leave TensorRT out.',
    })
  },
)

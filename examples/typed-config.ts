// Configures a model with a Config and with options, and reads a character with both: node typed-config.ts
// IMAGE
import { join } from 'node:path'
import {
  Config,
  createPredictor,
  defaultModelFolder,
  imageTensor,
  readImage,
  resizeImage,
  type Predictor,
  type PredictorOptions,
  type Tensor,
} from 'paddle-ts'

const [image, ...others] = process.argv.slice(2)
if (image === undefined || others.length > 0) {
  console.error('Usage: node typed-config.ts IMAGE')
  process.exit(2)
}
// A mistake such as a missing file is one line; only a bug has a stack.
process.on('uncaughtException', (error) => {
  console.error('code' in error ? error.message : error)
  process.exit(1)
})

// Paddle's methods in camelCase, with the same arguments. A wrong name or type does not compile.
const config = new Config(
  join(defaultModelFolder, 'inference.pdmodel'),
  join(defaultModelFolder, 'inference.pdiparams'),
)
config.setCpuMathLibraryNumThreads(2).enableOnednn().setOnednnCacheCapacity(1)
config.enableMemoryOptim().switchIrOptim(true).passBuilder().deletePass('fc_fuse_pass')

// The same with options.
const options: PredictorOptions = {
  model: defaultModelFolder,
  cpuThreads: 2,
  oneDnn: { cacheCapacity: 1 },
  memoryOptim: true,
  irOptim: true,
  passes: { delete: ['fc_fuse_pass'] },
}

// Reads the values of the Config from paddle. Concurrent calls share one process.
const [threads, passes, summary] = await Promise.all([
  config.cpuMathLibraryNumThreads(),
  config.passBuilder().allPasses(),
  config.summary(),
])
console.log(`threads: ${threads}, fc_fuse_pass: ${passes.includes('fc_fuse_pass') ? 'on' : 'off'}`)
console.log(
  summary
    .split('\n')
    .filter((line) => /mkldnn|memory_optim|ir_optim/.test(line))
    .join('\n'),
)

/** The feeds and outputs of this model. Another name or dtype does not compile where they are used. */
interface Feeds {
  readonly image: Tensor<'float32'>
}
interface Outputs {
  readonly scores: Tensor<'float32'>
}

/**
 * The only place that checks names and types at run time, because TypeScript cannot know those of the model.
 */
async function run(predictor: Predictor, feeds: Feeds): Promise<Outputs> {
  const [name = ''] = predictor.getOutputNames()
  const scores = (await predictor.run({ ...feeds }, { fetch: [name] }))[name]
  if (scores?.dtype !== 'float32')
    throw new TypeError(`Expected float32 from ${name}, got ${scores?.dtype ?? 'nothing'}.`)
  return { scores }
}

const pixels = await resizeImage(await readImage(image), { width: 32, height: 32 })
// Values from 0 to 1, channels first: float32 [1,3,32,32].
const feeds = {
  image: imageTensor(pixels, { normalise: { scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] } }),
}
await using byConfig = await createPredictor(config)
await using byOptions = await createPredictor(options)
for (const predictor of [byConfig, byOptions]) {
  const { device, cpuThreads, oneDnn, memoryOptim } = predictor.info
  const { scores } = await run(predictor, feeds)
  const best = scores.data.indexOf(Math.max(...scores.data))
  console.log(
    `${'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'.charAt(best)} (${device}, ${cpuThreads} threads, oneDNN ${oneDnn}, memory ${memoryOptim})`,
  )
}

// paddle-ts from a folder to results: node classifier.js MODEL '{"load":{},"classify":{}}'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { ImageClassifier } from '../../dist/index.js'
import { listImages } from './list-images.js'
import { orFail, serve } from './serve.js'

const [model, settings] = process.argv.slice(2)
const { load = {}, classify = {} } = JSON.parse(settings)
const classifier = await orFail(() => ImageClassifier.load(model, load))

await serve(
  { workers: classifier.pool.size },
  {
    answers: ({ image }) => first(classifier.classify([image], { ...classify, topK: 5 })),
    run: ({ folder, images }) => timed(listImages(folder, images)),
    firstAnswer: ({ folder, images }) => timeToFirst(listImages(folder, images)),
    delays: ({ folder, images, resolution }) => withDelays(listImages(folder, images), resolution),
    memory: ({ folder, images, every }) => withMemory(listImages(folder, images), every),
  },
)
await classifier.close()

async function first(answers) {
  for await (const { topK, error } of answers) {
    if (error) throw error
    return topK
  }
}

async function timed(paths, onImage = () => {}) {
  const start = performance.now()
  let done = 0
  for await (const { error } of classifier.classify(paths, classify)) {
    if (error) throw error
    done += 1
    onImage(done)
  }
  return { images: done, seconds: (performance.now() - start) / 1000 }
}

async function timeToFirst(paths) {
  const start = performance.now()
  await first(classifier.classify(paths, classify))
  const seconds = (performance.now() - start) / 1000
  await idle()
  return { seconds }
}

/**
 * Waits for the runs that leaving early left in the workers, so that the next measurement does not wait for
 * them.
 */
async function idle() {
  while (classifier.pool.stats().running + classifier.pool.stats().queued > 0) await setTimeout(5)
}

async function withDelays(paths, resolution) {
  const delays = monitorEventLoopDelay({ resolution })
  delays.enable()
  await timed(paths)
  delays.disable()
  return { p50: delays.percentile(50) / 1e6, p99: delays.percentile(99) / 1e6, max: delays.max / 1e6 }
}

async function withMemory(paths, every) {
  const samples = []
  await timed(paths, (done) => {
    if (done % every === 0) samples.push({ done, rss: process.memoryUsage.rss() / 1e6 })
  })
  return samples
}

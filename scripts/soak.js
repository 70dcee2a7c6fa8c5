// Puts a mixed load on pools for ten minutes while their workers are killed, stopped and replaced:
// npm run soak -- [--minutes N] [--seed N]
// Fails on lost, duplicate or wrong results, on growth, and on processes, shared memory or files left behind.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ImageClassifier, PredictorPool } from '../dist/index.js'
import { findInterpreter } from '../dist/environment/index.js'
import { must, root, say } from './run.js'
import { ImageLoad } from './soak/image-load.js'
import { killAtRandom } from './soak/kill-at-random.js'
import { leftOf, marked } from './soak/left.js'
import { randomFrom } from './soak/random.js'
import { SumLoad } from './soak/sum-load.js'
import { growthIn, rowsOf, sample } from './soak/watch.js'

const samplesWanted = 30

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } })
const minutes = Number(values.minutes ?? 10)
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
  say('Expected --minutes with a positive number, --seed with an integer.')
  process.exit(2)
}
say(`Seed ${seed}, ${minutes} minutes`)
marked()
const random = randomFrom(seed)
const folder = mkdtempSync(join(tmpdir(), 'soak-'))
const problems = []
try {
  const before = leftOf()
  const { path: python } = await findInterpreter()
  for (const [script, ...args] of [['make_nets.py'], ['make_classifier.py', '10']]) {
    const into = join(folder, script.replace('.py', ''))
    must(python, ['-W', 'ignore', join(root, 'tests/helpers', script), into, ...args], {
      env: { GLOG_minloglevel: '2' },
    })
  }
  await soak()
  const after = leftOf()
  for (const kind of Object.keys(before)) {
    if (after[kind] > before[kind]) problems.push(`${after[kind] - before[kind]} ${kind} left`)
  }
} finally {
  rmSync(folder, { recursive: true })
}
for (const problem of problems) say(`Wrong: ${problem}`)
say(problems.length === 0 ? 'Nothing lost, nothing doubled, nothing wrong, nothing left.' : 'Failed.')
process.exitCode = problems.length === 0 ? 0 : 1

async function soak() {
  // A native crash in the first run of a worker would be attributed to oneDNN.
  const options = { workers: 1, oneDnn: false, maxRunsPerWorker: 2000 }
  const model = join(folder, 'make_nets', 'two-in-two-out')
  const pool = await PredictorPool.create({ ...options, model })
  const classifier = await ImageClassifier.load(join(folder, 'make_classifier'), {
    ...options,
    ...{ resizeSize: 16, cropSize: 16 },
  })
  try {
    const images = await ImageLoad.create(classifier, join(folder, 'images'), random)
    await load([pool, classifier.pool], new SumLoad(pool, random), images)
  } finally {
    await Promise.all([pool.close(), classifier.close()])
  }
}

async function load(pools, sums, images) {
  const stop = new AbortController()
  const kills = killAtRandom(pools, random, stop.signal)
  const loads = Promise.all([sums.run(stop.signal), images.run(stop.signal)])
  const samples = []
  const look = () => samples.push(sample({ pools, sums, images, kills }))
  const end = performance.now() + minutes * 60_000
  try {
    for (let left = minutes * 60_000; left > 0; left = end - performance.now()) {
      look()
      // A load ends early only because of an unexpected error.
      await Promise.race([delay(Math.min(left, (minutes * 60_000) / samplesWanted)), loads])
    }
  } finally {
    stop.abort()
    await loads
  }
  look()
  process.stdout.write(`${rowsOf(samples)}\n`)
  problems.push(...sums.problems, ...images.problems)
  // Earlier samples are part of the warm-up.
  if (minutes >= 3) problems.push(...growthIn(samples))
  if (kills.count === 0) problems.push('no worker was killed: soak for longer')
  if (sums.answered === 0 || images.answered === 0) problems.push('nothing was answered')
}

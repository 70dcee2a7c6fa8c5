import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execaSync } from 'execa'
import sharp from 'sharp'
import { makeColourImages } from '../../scripts/soak/colour-images.js'
import type { PaddleError } from '../../src/errors.js'
import {
  ImageClassifier,
  type Classification,
  type ClassifierOptions,
  type TaskEvent,
} from '../../src/index.js'
import { faultyPython } from '../helpers/faulty.js'
import { makeClassifier, type NetFolder } from '../helpers/nets.js'
import { faultSeed, pick, randomFrom } from '../helpers/random.js'
import { until } from '../helpers/until.js'

const signals = ['SIGKILL', 'SIGSEGV', 'SIGSTOP', 'SIGTERM'] as const
const rounds = Number(process.env['PADDLE_TS_FAULT_ROUNDS'] ?? 20)
const imagesPerRound = 300
const killsPerRound = 2
const sizes = { resizeSize: 16, cropSize: 16 } satisfies ClassifierOptions

let net: NetFolder
let folder: string
let images: string[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'images-'))
  ;[net, images] = await Promise.all([makeClassifier(10), makeColourImages(folder, imagesPerRound)])
})

afterAll(async () => {
  await net[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

async function all(results: AsyncIterable<Classification>): Promise<Classification[]> {
  const list: Classification[] = []
  for await (const result of results) list.push(result)
  return list
}

const best = ({ topK, error }: Classification): number | string =>
  topK?.[0]?.classId ?? error?.code ?? 'nothing'
const score = ({ topK }: Classification): number => topK?.[0]?.score ?? NaN

test(`${rounds} batches of ${imagesPerRound} images whose workers are killed or stopped at random: each has one result`, async () => {
  const random = randomFrom(faultSeed('killed workers'))
  const events: TaskEvent[] = []
  // A native crash in a worker's first run would be attributed to oneDNN.
  await using classifier = await ImageClassifier.load(net.folder, {
    ...sizes,
    workers: 2,
    oneDnn: false,
    onEvent: (event) => events.push(event),
  })
  const undisturbed = await all(classifier.classify(images))
  expect(new Set(undisturbed.map(best)).size).toBeGreaterThan(2)

  const kill = (): boolean => {
    const pids = classifier.pool.stats().workers.flatMap(({ pid }) => pid ?? [])
    const pid = pids[pick(random, pids.length)]
    if (pid === undefined) return false
    process.kill(pid, signals[pick(random, signals.length)])
    return true
  }
  let killed = 0
  for (let round = 0; round < rounds; round += 1) {
    const moments = Array.from({ length: killsPerRound }, () => pick(random, imagesPerRound))
    const results: Classification[] = []
    for await (const result of classifier.classify(images, { timeoutMs: 1000 })) {
      results.push(result)
      while (moments.some((moment) => moment <= results.length)) {
        if (!kill()) break
        moments.splice(
          moments.findIndex((moment) => moment <= results.length),
          1,
        )
        killed += 1
      }
    }
    expect(results.map(({ image }) => image)).toEqual(images)
    expect(results.map(best)).toEqual(undisturbed.map(best))
    for (const [index, result] of results.entries()) {
      expect(score(result)).toBeCloseTo(score(undisturbed[index]!), 6)
    }
  }
  const exits = events.filter((event) => event.type === 'workerExit')
  const split = events.filter(({ type }) => type === 'split').length
  const { restarts, retries } = classifier.pool.stats()
  process.stderr.write(
    `${killed} killed or stopped, ${exits.length} ended, ${restarts} restarted, ${split} batches split, ${retries} runs tried again\n`,
  )
  expect(killed).toBeGreaterThan(rounds)
  expect(exits.length).toBeGreaterThan(0)
  expect(exits.every(({ expected }) => !expected)).toBe(true)
}, 600_000)

test('an image that ends its workers is quarantined with the reason; the others of its batch have results', async () => {
  const red = join(folder, 'red.png')
  await sharp({ create: { width: 16, height: 16, channels: 3, background: { r: 255, g: 0, b: 0 } } }).toFile(
    red,
  )
  const events: TaskEvent[] = []
  const python = await faultyPython(folder, 'by_red_image')
  await using classifier = await ImageClassifier.load(net.folder, {
    ...sizes,
    workers: 1,
    oneDnn: false,
    python,
    onEvent: (event) => events.push(event),
  })
  const some = images.slice(0, 9)
  const undisturbed = await all(classifier.classify(some))
  events.length = 0
  // The same image twice: together they end five workers in a row.
  const given = [...some.slice(0, 4), red, red, ...some.slice(4)]
  const results = await all(classifier.classify(given))
  expect(results.map(({ image }) => image)).toEqual(given)
  const [aside, another] = results.splice(4, 2)
  expect(results.map(best)).toEqual(undisturbed.map(best))
  const died = `The worker died with SIGKILL during \`run\`. It wrote nothing.
The run was tried 3 times.
It was fed: \`image\` float32 [1,3,16,16], declared [-1,3,-1,-1].
It was killed, perhaps because the system ran out of memory: feed smaller batches, or free memory.`
  expect(aside?.error?.code).toBe('IMAGE_QUARANTINED')
  expect(aside?.error?.message).toBe(
    `${red} is quarantined: the worker that ran it died or timed out. ${died}`,
  )
  expect(aside?.error).toMatchObject({
    details: { signal: 'SIGKILL', exitCode: null, during: 'run', output: '', tries: 3 },
  })
  expect(another?.error?.code).toBe('IMAGE_QUARANTINED')
  const of = (type: TaskEvent['type']) => events.filter((event) => event.type === type)
  const [split, ...furtherSplits] = events.filter((event) => event.type === 'split')
  expect([split?.error.code, furtherSplits]).toEqual(['WORKER_DIED', []])
  // The size of a batch depends on the speed of decoding; the two red images are in one batch.
  const batch = split!.inputs
  const start = given.indexOf(batch[0] as string)
  expect(batch).toEqual(given.slice(start, start + batch.length))
  expect(batch.filter((image) => image === red)).toHaveLength(2)
  expect(of('quarantine')).toEqual([
    { type: 'quarantine', input: red, error: aside?.error },
    { type: 'quarantine', input: red, error: another?.error },
  ])
  expect(of('retry')).toHaveLength(2)
  expect(of('workerExit')).toHaveLength(5)

  // Calls for one image share batches too: each has its own outcome.
  const calls = await Promise.allSettled(given.map((image) => classifier.classifyOne(image)))
  const codes = calls.map((call) =>
    call.status === 'fulfilled' ? best(call.value) : (call.reason as PaddleError).code,
  )
  const expected = undisturbed.map(best)
  expected.splice(4, 0, 'IMAGE_QUARANTINED', 'IMAGE_QUARANTINED')
  expect(codes).toEqual(expected)

  // Without a retry, the whole batch is lost.
  await using untried = await ImageClassifier.load(net.folder, {
    ...sizes,
    workers: 1,
    oneDnn: false,
    retries: 0,
    python,
  })
  expect((await all(untried.classify([images[0]!, red, images[1]!]))).map(best)).toEqual([
    best(undisturbed[0]!),
    'IMAGE_QUARANTINED',
    'IMAGE_QUARANTINED',
  ])
})

test.each([0, 1, 2])(
  'with `retries: %i`, an image is tried as often alone as in a batch',
  async (retries) => {
    const red = join(folder, 'red.png')
    const events: TaskEvent[] = []
    await using classifier = await ImageClassifier.load(net.folder, {
      ...{ ...sizes, workers: 1, oneDnn: false, retries },
      python: await faultyPython(folder, 'by_red_image'),
      onEvent: (event) => events.push(event),
    })
    /** How many workers the red image, the last one, ended, and how often its error says that it was tried. */
    const tried = async (given: readonly string[]): Promise<unknown> => {
      events.length = 0
      const results = await all(classifier.classify(given, { batchSize: 2, maxDelayMs: 60_000 }))
      const error = results.at(-1)?.error
      expect(error?.code).toBe('IMAGE_QUARANTINED')
      const of = (type: TaskEvent['type']): number => events.filter((event) => event.type === type).length
      await until(() => of('workerExit') > retries)
      return { ended: of('workerExit'), tries: error?.details?.tries ?? 1, splits: of('split') }
    }
    const ended = retries + 1
    expect(await tried([red])).toEqual({ ended, tries: ended, splits: 0 })
    // The first image of a list runs alone.
    const splits = retries > 0 ? 1 : 0
    expect(await tried([images[0]!, images[1]!, red])).toEqual({ ended, tries: ended, splits })
  },
)

test('a limit of the address space: an image whose workers crash is not blamed', async () => {
  const red = join(folder, 'red.png')
  const events: TaskEvent[] = []
  process.env['RED_SIGNAL'] = 'SIGSEGV'
  // More than is used, but not so much that a crash cannot be due to it.
  execaSync('prlimit', ['--pid', String(process.pid), '--as=68000000000:'])
  try {
    await using classifier = await ImageClassifier.load(net.folder, {
      ...{ ...sizes, workers: 1, oneDnn: false, retries: 1 },
      python: await faultyPython(folder, 'by_red_image'),
      onEvent: (event) => events.push(event),
    })
    const limit = 'ulimit -v is 66406250 KiB'
    const results = await all(classifier.classify([red, images[0]!]))
    expect(results[1]?.topK).toBeDefined()
    expect(results[0]?.error).toMatchObject({
      code: 'OUT_OF_MEMORY',
      shortMessage: `${red} has no result: the memory of the workers that ran it is limited (${limit}). The worker died with SIGSEGV during \`run\`.`,
      message: expect.stringMatching(/\nRaise the limit \(ulimit -v\), or feed smaller batches\.$/),
      details: { signal: 'SIGSEGV', tries: 2 },
      cause: {
        code: 'WORKER_DIED',
        message: expect.stringContaining(` Its address space is limited: ${limit}.`),
      },
    })
    expect(events.some(({ type }) => type === 'quarantine')).toBe(false)
  } finally {
    execaSync('prlimit', ['--pid', String(process.pid), '--as=unlimited:'])
    delete process.env['RED_SIGNAL']
  }
})

test('`finish` ends the iteration in order: pending images are completed, no more are begun', async () => {
  await using classifier = await ImageClassifier.load(net.folder, { ...sizes, workers: 1 })
  const controller = new AbortController()
  const results: Classification[] = []
  let taken = 0
  function* counted(): Generator<string> {
    for (const image of images) {
      taken += 1
      yield image
    }
  }
  for await (const result of classifier.classify(counted(), { finish: controller.signal, batchSize: 4 })) {
    results.push(result)
    if (results.length === 10) controller.abort()
  }
  expect(results.map(({ image }) => image)).toEqual(images.slice(0, results.length))
  expect(results.every(({ topK }) => topK)).toBe(true)
  expect(results.length).toBeGreaterThanOrEqual(10)
  // Two batches in progress, and one being filled.
  expect(results.length).toBeLessThanOrEqual(10 + 3 * 4)
  expect(taken).toBeLessThan(imagesPerRound)
  // It remains usable.
  expect(await all(classifier.classify(images.slice(0, 2)))).toHaveLength(2)
  await expect(all(classifier.classify(images, { finish: 1 as never }))).rejects.toThrow(
    new TypeError('Expected an AbortSignal for `finish`, got `1` (number).'),
  )
})

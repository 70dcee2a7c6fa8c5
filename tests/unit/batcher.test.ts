import { describe, expect, test } from '@jest/globals'
import { Batcher, type BatchLimits } from '../../src/inference/index.js'

interface Run {
  readonly batch: readonly string[]
  readonly timeoutMs: number | undefined
}

/** Waits for everything that does not depend on a clock. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done))
}

/** A batcher whose runs end when the test says so. The kind of an item is its first letter. */
function manual({ workers = 1, maxQueue = Infinity } = {}) {
  const runs: Run[] = []
  const ends: ((error?: Error) => void)[] = []
  const batcher = new Batcher<string, string>({
    ...{ model: 'model', workers, maxQueue },
    kindOf: (item) => item[0] ?? '',
    run: (batch, timeoutMs) => {
      runs.push({ batch, timeoutMs })
      return new Promise((resolve, reject) => {
        ends.push((error) => {
          if (error) reject(error)
          const outcomes = batch.map((item) =>
            item.endsWith('!') ? { error: new Error(item) } : { value: item.toUpperCase() },
          )
          resolve({ outcomes, times: { writingMs: 1, inferenceMs: 2, postprocessMs: 3 } })
        })
      })
    },
  })
  /** Ends the oldest run, and waits for what starts then. */
  const end = async (error?: Error): Promise<void> => {
    ends.shift()?.(error)
    await settle()
  }
  return { batcher, end, batches: () => runs.map(({ batch }) => batch.join(' ')), runs }
}

/** Waits until the batch is full, or flushed. */
const patient: BatchLimits<string> = { maxBatchSize: 3, maxDelayMs: Infinity }
/** Takes what waits. */
const eager: BatchLimits<string> = { maxBatchSize: 3, maxDelayMs: 0 }

describe('batches', () => {
  test('an idle worker takes what waits; meanwhile the next batch fills', async () => {
    const { batcher, batches, end } = manual()
    const results = ['a1', 'a2', 'a3'].map((item) => batcher.submit(item, eager))
    expect(batches()).toEqual(['a1'])
    await end()
    expect(batches()).toEqual(['a1', 'a2 a3'])
    await end()
    expect(await Promise.all(results)).toEqual([{ value: 'A1' }, { value: 'A2' }, { value: 'A3' }])
  })

  test('a full batch starts while another one computes, and no third one', async () => {
    const { batcher, batches, end } = manual()
    for (const item of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7']) void batcher.submit(item, eager)
    expect(batches()).toEqual(['a1', 'a2 a3 a4'])
    await end()
    expect(batches()).toEqual(['a1', 'a2 a3 a4', 'a5 a6 a7'])
    await end()
    await end()
  })

  test('items wait for others until the batch is full or flushed', async () => {
    const { batcher, batches, end } = manual()
    const others = { ...patient }
    for (const item of ['a1', 'a2']) void batcher.submit(item, patient)
    await settle()
    expect(batches()).toEqual([])
    batcher.flush(others)
    expect(batches()).toEqual([])
    void batcher.submit('a3', patient)
    expect(batches()).toEqual(['a1 a2 a3'])
    await end()
    void batcher.submit('a4', patient)
    batcher.flush(patient)
    expect(batches()).toEqual(['a1 a2 a3', 'a4'])
    await end()
  })

  test('an unfilled batch starts after the delay of its items, not before', async () => {
    const { batcher, batches, end } = manual()
    const started = performance.now()
    await new Promise<void>((onStart) => {
      void batcher.submit('a1', { ...patient, maxDelayMs: 20 }, { onStart })
      expect(batches()).toEqual([])
    })
    expect(performance.now() - started).toBeGreaterThanOrEqual(20)
    await end()
  })

  test('whoever does not wait takes those along who would', async () => {
    const { batcher, batches, end } = manual()
    void batcher.submit('a1', patient)
    void batcher.submit('a2', eager)
    expect(batches()).toEqual(['a1 a2'])
    await end()
  })

  test('an item alone has a batch of its own', async () => {
    const { batcher, batches, end } = manual()
    void batcher.submit('a1', patient, { isAlone: true })
    for (const item of ['a2', 'a3', 'a4']) void batcher.submit(item, patient)
    expect(batches()).toEqual(['a1', 'a2 a3 a4'])
    await end()
    await end()
  })

  test('only items of one kind and one time limit share a batch; the oldest goes first', async () => {
    const { batcher, runs, end } = manual()
    const limited = { ...patient, timeoutMs: 5 }
    for (const item of ['a1', 'b1']) void batcher.submit(item, patient)
    void batcher.submit('a2', limited)
    expect(runs.map(({ batch }) => batch)).toEqual([['a1']])
    void batcher.submit('b2', patient)
    expect(runs.map(({ batch }) => batch)).toEqual([['a1'], ['b1', 'b2']])
    batcher.flush(limited)
    await end()
    await end()
    expect(runs.at(-1)).toEqual({ batch: ['a2'], timeoutMs: 5 })
    await end()
  })

  test('the smallest limit among the items bounds their batch', async () => {
    const { batcher, batches, end } = manual()
    void batcher.submit('a0', eager)
    void batcher.submit('a1', { ...eager, maxBatchSize: 8 })
    void batcher.submit('a2', { ...eager, maxBatchSize: 2 })
    void batcher.submit('a3', { ...eager, maxBatchSize: 8 })
    await end()
    expect(batches()).toEqual(['a0', 'a1 a2'])
    await end()
    expect(batches()).toEqual(['a0', 'a1 a2', 'a3'])
    await end()
  })

  test('two workers compute two batches at once', async () => {
    const { batcher, batches, end } = manual({ workers: 2 })
    for (const item of ['a1', 'a2', 'a3', 'a4']) void batcher.submit(item, eager)
    expect(batches()).toEqual(['a1', 'a2'])
    await end()
    expect(batches()).toEqual(['a1', 'a2', 'a3 a4'])
    await end()
    await end()
  })
})

describe('outcomes', () => {
  test('an item with an error of its own does not affect the others', async () => {
    const { batcher, end } = manual()
    const results = ['a1', 'a2!', 'a3'].map((item) => batcher.submit(item, patient))
    await end()
    expect(await Promise.all(results)).toEqual([
      { value: 'A1' },
      { error: new Error('a2!') },
      { value: 'A3' },
    ])
  })

  test('a run that fails rejects its items, and the next batch runs', async () => {
    const { batcher, end } = manual()
    const lost = ['a1', 'a2', 'a3'].map((item) => batcher.submit(item, patient))
    const next = batcher.submit('a4', eager)
    const rejected = Promise.all(lost.map((result) => expect(result).rejects.toThrow('lost')))
    await end(new Error('lost'))
    await rejected
    await end()
    expect(await next).toEqual({ value: 'A4' })
  })

  test('each caller is told of its own items; one that throws loses only its own', async () => {
    const { batcher, end } = manual()
    const told: unknown[] = []
    const one = { ...patient, onBatch: (...given: unknown[]) => void told.push(given) }
    const failing = {
      ...patient,
      onBatch: () => {
        throw new Error('listener')
      },
    }
    const results = [batcher.submit('a1', one), batcher.submit('a2', failing), batcher.submit('a3', one)]
    const rejected = expect(results[1]).rejects.toThrow('listener')
    await end()
    await rejected
    expect(await results[0]).toEqual({ value: 'A1' })
    expect(await results[2]).toEqual({ value: 'A3' })
    expect(told).toEqual([[['a1', 'a3'], { writingMs: 1, inferenceMs: 2, postprocessMs: 3 }]])
  })
})

describe('leaving', () => {
  test('a signal withdraws an item that waits, and its batch fills without it', async () => {
    const { batcher, batches, end } = manual()
    const stop = new AbortController()
    void batcher.submit('a1', patient)
    const left = batcher.submit('a2', patient, { signal: stop.signal })
    const rejected = expect(left).rejects.toThrow('enough')
    stop.abort(new Error('enough'))
    await rejected
    for (const item of ['a3', 'a4']) void batcher.submit(item, patient)
    expect(batches()).toEqual(['a1 a3 a4'])
    await end()
    await expect(batcher.submit('a5', patient, { signal: stop.signal })).rejects.toThrow('enough')
  })

  test('a signal ends the wait for a batch that runs, which completes for the others', async () => {
    const { batcher, end } = manual()
    const stop = new AbortController()
    const stays = batcher.submit('a1', patient)
    const leaves = batcher.submit('a2', patient, { signal: stop.signal })
    const also = batcher.submit('a3', patient)
    const rejected = expect(leaves).rejects.toThrow('enough')
    stop.abort(new Error('enough'))
    await rejected
    await end()
    expect(await Promise.all([stays, also])).toEqual([{ value: 'A1' }, { value: 'A3' }])
  })
})

describe('places in the queue', () => {
  test('no more calls than `maxQueue` wait; a place is free again once, when it is given back', () => {
    const { batcher } = manual({ maxQueue: 2 })
    const [leave] = [batcher.enter(), batcher.enter()]
    const full = {
      code: 'QUEUE_FULL',
      message:
        '2 calls wait for model, and `maxQueue` allows no more.\n' +
        'Wait for some of them, give it more workers, or raise `maxQueue`.',
    }
    expect(() => batcher.enter()).toThrow(expect.objectContaining(full))
    leave()
    leave()
    batcher.enter()
    expect(() => batcher.enter()).toThrow(expect.objectContaining(full))
  })
})

import { AsyncLocalStorage } from 'node:async_hooks'
import { getEventListeners } from 'node:events'
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

/** A batcher whose runs end when the test says so. The kind of an item is its first letter, if it has one. */
function manual({ workers = 1, maxQueue = Infinity } = {}) {
  const runs: Run[] = []
  const ends: ((error?: Error) => void)[] = []
  const batcher = new Batcher<string, string>({
    ...{ model: 'model', workers, maxQueue },
    kindOf: (item) => item[0],
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
    await settle()
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
  test('items that are submitted together start together; meanwhile the next batch fills', async () => {
    const { batcher, batches, end } = manual()
    const results = ['a1', 'a2'].map((item) => batcher.submit(item, eager))
    await settle()
    expect(batches()).toEqual(['a1 a2'])
    results.push(...['a3', 'a4'].map((item) => batcher.submit(item, eager)))
    await settle()
    expect(batches()).toEqual(['a1 a2'])
    await end()
    expect(batches()).toEqual(['a1 a2', 'a3 a4'])
    await end()
    expect(await Promise.all(results)).toEqual(['A1', 'A2', 'A3', 'A4'].map((value) => ({ value })))
  })

  test('a full batch starts while another one computes, and no third one', async () => {
    const { batcher, batches, end } = manual()
    for (let item = 1; item <= 9; item += 1) void batcher.submit(`a${item}`, eager)
    await settle()
    expect(batches()).toEqual(['a1 a2 a3', 'a4 a5 a6'])
    await end()
    expect(batches()).toEqual(['a1 a2 a3', 'a4 a5 a6', 'a7 a8 a9'])
    await end()
    await end()
  })

  test('items wait for others until the batch is full or flushed', async () => {
    const { batcher, batches, end } = manual()
    const others = { ...patient }
    for (const item of ['a1', 'a2']) void batcher.submit(item, patient)
    batcher.flush(others)
    await settle()
    expect(batches()).toEqual([])
    void batcher.submit('a3', patient)
    await settle()
    expect(batches()).toEqual(['a1 a2 a3'])
    await end()
    void batcher.submit('a4', patient)
    batcher.flush(patient)
    await settle()
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
    // A timer of Node can fire a fraction of a millisecond early.
    expect(performance.now() - started).toBeGreaterThan(19)
    await end()
  })

  test('an item that does not wait starts a batch with those that would', async () => {
    const { batcher, batches, end } = manual()
    void batcher.submit('a1', patient)
    void batcher.submit('a2', eager)
    await settle()
    expect(batches()).toEqual(['a1 a2'])
    await end()
  })

  test('an item alone has a batch of its own, at once', async () => {
    const { batcher, batches, end } = manual()
    void batcher.submit('a1', { ...patient, maxBatchSize: 8 })
    void batcher.submit('a2', patient, { isAlone: true })
    await settle()
    expect(batches()).toEqual(['a2'])
    for (const item of ['a3', 'a4']) void batcher.submit(item, patient)
    await settle()
    expect(batches()).toEqual(['a2', 'a1 a3 a4'])
    await end()
    await end()
  })

  test('only items of one kind and one time limit share a batch', async () => {
    const { batcher, runs, end } = manual()
    const limited = { ...patient, timeoutMs: 5 }
    for (const item of ['a1', 'b1', 'a2', 'b2']) void batcher.submit(item, patient)
    void batcher.submit('a3', limited)
    batcher.flush(patient)
    batcher.flush(limited)
    await end()
    await end()
    await end()
    await end()
    expect(runs).toEqual([
      { batch: ['a1', 'a2'], timeoutMs: undefined },
      { batch: ['b1', 'b2'], timeoutMs: undefined },
      { batch: ['a3'], timeoutMs: 5 },
    ])
  })

  test('of the batches that can start, the one with the oldest item is first', async () => {
    const { batcher, batches, end } = manual()
    void batcher.submit('a1', patient)
    void batcher.submit('b1', eager)
    void batcher.submit('c1', eager)
    void batcher.submit('a2', eager)
    await settle()
    // The others of its kind make the oldest one start.
    expect(batches()).toEqual(['a1 a2'])
    await end()
    expect(batches()).toEqual(['a1 a2', 'b1'])
    await end()
    await end()
    expect(batches()).toEqual(['a1 a2', 'b1', 'c1'])
  })

  test('items that may wait do not hold up those that need not, of another kind', async () => {
    const { batcher, batches, end } = manual()
    void batcher.submit('a1', { ...patient, maxBatchSize: 8 })
    void batcher.submit('b1', eager)
    for (const item of ['c1', 'c2', 'c3']) void batcher.submit(item, patient)
    await settle()
    expect(batches()).toEqual(['b1', 'c1 c2 c3'])
    await end()
    await end()
    expect(batches()).toEqual(['b1', 'c1 c2 c3'])
    batcher.submit('a2', eager).catch(() => undefined)
    await end()
    await end()
    expect(batches()).toEqual(['b1', 'c1 c2 c3', 'a1 a2'])
  })

  test('the smallest limit among the items bounds their batch', async () => {
    const { batcher, batches, end } = manual()
    void batcher.submit('a1', { ...eager, maxBatchSize: 8 })
    void batcher.submit('a2', { ...eager, maxBatchSize: 2 })
    void batcher.submit('a3', { ...eager, maxBatchSize: 8 })
    await settle()
    expect(batches()).toEqual(['a1 a2'])
    await end()
    expect(batches()).toEqual(['a1 a2', 'a3'])
    await end()
  })

  test('two workers compute two batches at once', async () => {
    const { batcher, batches, end } = manual({ workers: 2 })
    void batcher.submit('a1', eager)
    await settle()
    void batcher.submit('a2', eager)
    await settle()
    for (const item of ['a3', 'a4']) void batcher.submit(item, eager)
    await settle()
    expect(batches()).toEqual(['a1', 'a2'])
    await end()
    expect(batches()).toEqual(['a1', 'a2', 'a3 a4'])
    await end()
    await end()
  })

  test('an item without a kind runs alone, and does not keep a worker from taking others', async () => {
    const { batcher, batches, end } = manual()
    for (const item of ['', 'a1', 'a2']) void batcher.submit(item, eager)
    await settle()
    expect(batches()).toEqual(['', 'a1 a2'])
    await end()
    await end()
  })

  test('a batch runs in the async context of its oldest item, and `onBatch` in that of its caller', async () => {
    const contexts = new AsyncLocalStorage<string>()
    const seen: unknown[] = []
    const batcher = new Batcher<string, string>({
      ...{ model: 'model', workers: 1, maxQueue: Infinity, kindOf: () => '' },
      run: (batch) => {
        seen.push(['run', contexts.getStore()])
        const times = { writingMs: 0, inferenceMs: 0, postprocessMs: 0 }
        return Promise.resolve({ outcomes: batch.map((value) => ({ value })), times })
      },
    })
    await Promise.all(
      ['one', 'other'].map((caller) =>
        contexts.run(caller, () =>
          batcher.submit(caller, { ...eager, onBatch: () => void seen.push([caller, contexts.getStore()]) }),
        ),
      ),
    )
    expect(seen).toEqual([
      ['run', 'one'],
      ['one', 'one'],
      ['other', 'other'],
    ])
  })

  test('many items that wait cost little', async () => {
    const { batcher, end, batches } = manual()
    const stop = new AbortController()
    const { signal } = stop
    const count = 20_000
    const lost = Array.from({ length: count }, () =>
      batcher.submit('a', eager, { signal }).catch(() => 'left'),
    )
    await settle()
    stop.abort(new Error('enough'))
    // Six of them had started.
    expect((await Promise.all(lost)).filter((outcome) => outcome === 'left')).toHaveLength(count)
    expect(batches()).toHaveLength(2)
    await end()
    await end()
    expect(batches()).toHaveLength(2)
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
    await settle()
    await end(new Error('lost'))
    await rejected
    await end()
    expect(await next).toEqual({ value: 'A4' })
  })

  test('a run with another number of outcomes than items rejects all of them', async () => {
    const batcher = new Batcher<string, string>({
      ...{ model: 'model', workers: 1, maxQueue: Infinity, kindOf: () => '' },
      run: () =>
        Promise.resolve({
          outcomes: [{ value: 'A1' }],
          times: { writingMs: 0, inferenceMs: 0, postprocessMs: 0 },
        }),
    })
    const outcomes = await Promise.allSettled(['a1', 'a2'].map((item) => batcher.submit(item, eager)))
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })

  test('`onBatch` gets the items of its caller; if it throws, only these are rejected', async () => {
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
    await settle()
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
    await settle()
    expect(batches()).toEqual(['a1 a3 a4'])
    await end()
    await expect(batcher.submit('a5', patient, { signal: stop.signal })).rejects.toThrow('enough')
  })

  test('an item that limited its batch no longer does when it is withdrawn', async () => {
    const { batcher, batches, end } = manual()
    const stop = new AbortController()
    void batcher.submit('a1', { ...patient, maxBatchSize: 2 })
    await settle()
    const small = batcher.submit('b1', { ...patient, maxBatchSize: 2 }, { signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(small).rejects.toThrow('enough')
    void batcher.submit('a2', patient)
    await settle()
    expect(batches()).toEqual(['a1 a2'])
    await end()
  })

  test('a signal ends the wait for a batch that runs, which completes for the others', async () => {
    const { batcher, end } = manual()
    const stop = new AbortController()
    const stays = batcher.submit('a1', patient)
    const leaves = batcher.submit('a2', patient, { signal: stop.signal })
    const also = batcher.submit('a3', patient)
    await settle()
    const rejected = expect(leaves).rejects.toThrow('enough')
    stop.abort(new Error('enough'))
    await rejected
    await end()
    expect(await Promise.all([stays, also])).toEqual([{ value: 'A1' }, { value: 'A3' }])
  })

  test('items that are withdrawn together do not start each other’s batches', async () => {
    const { batcher, batches, end } = manual()
    const stop = new AbortController()
    void batcher.submit('a1', eager)
    await settle()
    const left = ['b1', 'b2', 'c1', 'c2'].map((item) =>
      batcher.submit(item, { ...eager, maxBatchSize: 3 }, { signal: stop.signal }).catch(() => 'left'),
    )
    stop.abort(new Error('enough'))
    expect(await Promise.all(left)).toEqual(['left', 'left', 'left', 'left'])
    await end()
    expect(batches()).toEqual(['a1'])
  })

  test('listens to a signal only as long as an item needs it', async () => {
    const { batcher, end } = manual()
    const { signal } = new AbortController()
    const result = batcher.submit('a1', eager, { signal })
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    await settle()
    await end()
    await result
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe('places in the queue', () => {
  test('no more calls than `maxQueue` wait; a place is free again once, when it is given back', () => {
    const { batcher } = manual({ maxQueue: 2 })
    const [leave] = [batcher.enter(), batcher.enter()]
    const full = {
      code: 'QUEUE_FULL',
      message:
        '2 calls have not started on model yet, and `maxQueue` allows no more.\n' +
        'Wait for some of them, or raise `maxQueue` or the number of workers.',
    }
    expect(() => batcher.enter()).toThrow(expect.objectContaining(full))
    expect(batcher.places).toBe(2)
    leave()
    leave()
    expect(batcher.places).toBe(1)
    batcher.enter()
    expect(() => batcher.enter()).toThrow(expect.objectContaining(full))
  })
})

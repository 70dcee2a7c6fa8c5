import { describe, expect, test } from '@jest/globals'
import { inBatches, mapAhead } from '../../src/async/index.js'

const never = new AbortController().signal

/** A source that counts pulled items, and records whether return() was called. */
function counted(end: number) {
  const seen = { pulled: 0, returned: false }
  async function* source() {
    try {
      for (let item = 0; item < end; item += 1) {
        seen.pulled += 1
        yield await Promise.resolve(item)
      }
    } finally {
      seen.returned = true
    }
  }
  return { seen, source: source() }
}

/** Waits for everything that does not depend on a clock. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done))
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

describe('mapAhead', () => {
  test('keeps the order of the source, whatever finishes first', async () => {
    const release: (() => void)[] = []
    const results = all(
      mapAhead(
        [0, 1, 2],
        3,
        (item) =>
          new Promise<number>(
            (done) =>
              (release[item] = () => {
                done(item * 10)
              }),
          ),
        never,
      ),
    )
    await settle()
    for (const item of [2, 0, 1]) release[item]?.()
    expect(await results).toEqual([0, 10, 20])
  })

  test('starts no more than allowed', async () => {
    const { seen, source } = counted(1000)
    const results = mapAhead(source, 4, (item) => item, never)
    expect(await results.next()).toEqual({ value: 0, done: false })
    await settle()
    expect(seen.pulled).toBe(5)
    await results.return()
    expect(seen).toEqual({ pulled: 5, returned: true })
  })

  test('iteration over an endless source can stop', async () => {
    const { seen, source } = counted(Infinity)
    for await (const item of mapAhead(source, 2, (item) => item, never)) if (item === 3) break
    await settle()
    expect(seen.returned).toBe(true)
  })

  test('a failure is reported in order', async () => {
    const results = mapAhead(
      [1, 2, 3],
      3,
      (item) => (item === 2 ? Promise.reject(new Error('two')) : item),
      never,
    )
    expect(await results.next()).toEqual({ value: 1, done: false })
    await expect(results.next()).rejects.toThrow(new Error('two'))
    expect(await results.next()).toEqual({ value: undefined, done: true })
  })

  test('a failure of the source is reported after its earlier items', async () => {
    async function* failing() {
      yield await Promise.resolve(1)
      throw new Error('no more')
    }
    const results = mapAhead(failing(), 3, (item) => item, never)
    expect(await results.next()).toEqual({ value: 1, done: false })
    await expect(results.next()).rejects.toThrow(new Error('no more'))
  })

  test('an abort ends the wait for a source that yields nothing', async () => {
    const stop = new AbortController()
    async function* silent() {
      await new Promise(() => undefined)
      yield 1
    }
    const next = mapAhead(silent(), 2, (item) => item, stop.signal).next()
    await settle()
    stop.abort(new Error('enough'))
    await expect(next).rejects.toThrow(new Error('enough'))
  })
})

describe('inBatches', () => {
  const isGood = (item: string): boolean => item.startsWith('good')
  /** Long enough that a test that waits for it fails. */
  const inTime = { size: 2, counts: isGood, maxDelayMs: 2 ** 31 - 1 }
  async function* from(items: string[]) {
    yield* await Promise.resolve(items)
  }

  test('the first item goes alone, and the others fill batches with items that count', async () => {
    const items = ['good', 'bad', 'good', 'good', 'bad', 'good', 'good']
    expect(await all(inBatches(from(['good', ...items]), inTime))).toEqual([
      ['good'],
      ['good', 'bad', 'good'],
      ['good', 'bad', 'good'],
      ['good'],
    ])
  })

  test('failed items at the beginning do not wait, and never pile up', async () => {
    const items = ['bad', 'good', 'bad', 'good', ...Array.from({ length: 9 }, () => 'bad')]
    const batches = await all(inBatches(from(items), inTime))
    expect(batches.map(({ length }) => length)).toEqual([1, 1, 1, 8, 1, 1])
  })

  test('an unfilled batch is sent after a delay, and later items are not lost', async () => {
    const give: (() => void)[] = []
    async function* slow() {
      yield 'good 1'
      await new Promise<void>((resolve) => give.push(resolve))
      yield 'good 2'
      yield 'good 3'
      yield 'good 4'
    }
    const batches = inBatches(slow(), { ...inTime, size: 3, maxDelayMs: 0 })
    expect((await batches.next()).value).toEqual(['good 1'])
    give[0]?.()
    const rest = (await all(batches)).flat()
    expect(rest).toEqual(['good 2', 'good 3', 'good 4'])
  })

  test('a failure of the source is reported after the batch in progress', async () => {
    async function* failing() {
      yield await Promise.resolve('good 1')
      throw new Error('no more')
    }
    const batches = inBatches(failing(), inTime)
    expect((await batches.next()).value).toEqual(['good 1'])
    await expect(batches.next()).rejects.toThrow(new Error('no more'))
  })
})

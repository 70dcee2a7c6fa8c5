import { describe, expect, test } from '@jest/globals'
import { mapAhead } from '../../src/async/index.js'

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

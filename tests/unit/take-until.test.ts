import { expect, test } from '@jest/globals'
import { takeUntil } from '../../src/async/index.js'

async function* counting(onReturn: () => void): AsyncGenerator<number, void, undefined> {
  try {
    for (let next = 1; ; next += 1) {
      await Promise.resolve()
      yield next
    }
  } finally {
    onReturn()
  }
}

test('yields items until the signal fires, and closes the source', async () => {
  const controller = new AbortController()
  const seen: number[] = []
  const returned = new Promise<void>((resolve) => {
    void (async () => {
      for await (const item of takeUntil(counting(resolve), controller.signal)) {
        seen.push(item)
        if (item === 3) controller.abort()
      }
    })()
  })
  await returned
  expect(seen).toEqual([1, 2, 3])
})

test('does not wait for an item that may never come', async () => {
  async function* never(): AsyncGenerator<number, void, undefined> {
    yield 1
    await new Promise(() => undefined)
  }
  const controller = new AbortController()
  const seen: number[] = []
  for await (const item of takeUntil(never(), controller.signal)) {
    seen.push(item)
    queueMicrotask(() => {
      controller.abort()
    })
  }
  expect(seen).toEqual([1])
})

test('yields nothing if it has already fired, and everything if it never does', async () => {
  async function* two(): AsyncGenerator<number, void, undefined> {
    yield await Promise.resolve(1)
    yield 2
  }
  const all = async (signal: AbortSignal): Promise<number[]> => {
    const items: number[] = []
    for await (const item of takeUntil(two(), signal)) items.push(item)
    return items
  }
  expect(await all(AbortSignal.abort())).toEqual([])
  expect(await all(new AbortController().signal)).toEqual([1, 2])
})

test('a failure of the source is reported', async () => {
  async function* failing(): AsyncGenerator<number, void, undefined> {
    yield await Promise.resolve(1)
    throw new Error('no more')
  }
  await expect(
    (async () => {
      for await (const item of takeUntil(failing(), new AbortController().signal)) expect(item).toBe(1)
    })(),
  ).rejects.toThrow(new Error('no more'))
})

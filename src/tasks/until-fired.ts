/** The items up to the moment at which the signal fires; one that is being waited for then is not waited for any more. */
export async function* untilFired<T>(
  items: AsyncGenerator<T, void, undefined>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  let fire = (): void => undefined
  const fired = new Promise<undefined>((resolve) => {
    fire = () => {
      resolve(undefined)
    }
  })
  if (signal.aborted) fire()
  signal.addEventListener('abort', fire, { once: true })
  try {
    for (;;) {
      const item = await Promise.race([fired, items.next()])
      if (!item || item.done) return
      yield item.value
    }
  } finally {
    signal.removeEventListener('abort', fire)
    // It may be waiting itself.
    items.return().catch(() => undefined)
  }
}

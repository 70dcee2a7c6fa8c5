/** The items up to the moment at which the signal fires; one that is being waited for then is not waited for any more. */
export async function* untilFired<T>(
  items: AsyncGenerator<T, void, undefined>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  try {
    while (!signal.aborted) {
      const item = await unlessFired(items.next(), signal)
      if (!item || item.done) return
      yield item.value
    }
  } finally {
    // It may be waiting itself.
    items.return().catch(() => undefined)
  }
}

/** Races with a promise of its own each time: one for all would keep every loser for as long as it lives. */
async function unlessFired<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  let fire = (): void => undefined
  const fired = new Promise<undefined>((resolve) => {
    fire = () => {
      resolve(undefined)
    }
  })
  signal.addEventListener('abort', fire, { once: true })
  try {
    return await Promise.race([work, fired])
  } finally {
    signal.removeEventListener('abort', fire)
  }
}

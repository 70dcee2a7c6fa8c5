import { setTimeout as delay } from 'node:timers/promises'

/** Polls for what raises no event here, such as the state of other processes. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('It has not come about in a minute.')
    await delay(5)
  }
}

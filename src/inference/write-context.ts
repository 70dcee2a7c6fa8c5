import { AsyncLocalStorage } from 'node:async_hooks'
import { PaddleError } from '../errors.js'

/** A `write` of a feed that is under way. */
interface Writing {
  /** What it writes into the memory of: a predictor's, or that of a whole pool. */
  readonly memory: object
  /** The one that it was called in, in turn. */
  readonly outer: Writing | undefined
  isDone: boolean
}

const current = new AsyncLocalStorage<Writing>()

/** Calls a `write`, so that {@link checkNotInWrite} knows of all that is done in it. */
export function inWrite(memory: object, write: () => void | Promise<void>): void | Promise<void> {
  const writing: Writing = { memory, outer: current.getStore(), isDone: false }
  const done = (): void => {
    writing.isDone = true
  }
  let written: void | Promise<void>
  try {
    written = current.run(writing, write)
  } finally {
    done()
  }
  if (written === undefined) return
  writing.isDone = false
  return Promise.resolve(written).finally(done)
}

/**
 * Throws when this is called by a `write` for the same predictor or pool: it has only so much memory for feeds, and runs that are being written
 * would wait for each other for ever.
 *
 * @throws PaddleError RUN_IN_WRITE
 */
export function checkNotInWrite(memory: object, title: string): void {
  for (let writing = current.getStore(); writing; writing = writing.outer) {
    if (writing.memory !== memory || writing.isDone) continue
    throw new PaddleError(
      'RUN_IN_WRITE',
      `The \`write\` of a feed of ${title} has called the predictor or pool that it writes for, which would wait for itself.\n` +
        'Run it before, and have `write` copy what came of it; or create another predictor for that.',
    )
  }
}

import { AsyncLocalStorage } from 'node:async_hooks'
import { PaddleError } from '../../errors.js'

/** The lanes of a predictor or pool, which runs wait for. */
export interface WriteSlots {
  /** Per lane: the scope of the run that holds it, if user code is writing its feeds; undefined otherwise. */
  holders(): readonly (WriteScope | undefined)[]
}

const current = new AsyncLocalStorage<WriteScope>()

/** The time in which user code writes the feeds of a run, including everything that it starts. */
export class WriteScope {
  /** The arena of the predictor or pool. */
  readonly memory: object
  #outer = unfinished()
  #isDone = false
  readonly #waits: WriteSlots[] = []

  constructor(memory: object) {
    this.memory = memory
  }

  get outer(): WriteScope | undefined {
    return this.#outer
  }

  get isDone(): boolean {
    return this.#isDone
  }

  /** What runs started in this scope wait for. */
  get waits(): readonly WriteSlots[] {
    return this.#waits
  }

  /** Calls the function that writes the feeds. */
  run<T>(write: () => T): T {
    return current.run(this, write)
  }

  /** Ends the scope: all feeds are written or abandoned. */
  end(): void {
    this.#isDone = true
    // Work started in this scope may outlive it; drop finished outer scopes so that they can be freed.
    this.#outer = firstUnfinished(this.#outer)
  }

  addWait(places: WriteSlots): void {
    this.#waits.push(places)
  }

  removeWait(places: WriteSlots): void {
    this.#waits.splice(this.#waits.indexOf(places), 1)
  }
}

/** The innermost unfinished scope of the current async context. */
function unfinished(): WriteScope | undefined {
  return firstUnfinished(current.getStore())
}

/** Whether the caller was started by a `write` that has not ended. */
export function isInWrite(): boolean {
  return unfinished() !== undefined
}

function firstUnfinished(from: WriteScope | undefined): WriteScope | undefined {
  let scope = from
  while (scope?.isDone) scope = scope.outer
  return scope
}

/**
 * Registers that a run waits for a lane. If the run was started by the `write` of another run, and every lane
 * is held by a run whose `write` waits for a lane too, none of them could ever become free.
 *
 * @param onStuck - is called with RUN_IN_WRITE in that case, in a microtask: a `write` that is not async does
 * not wait
 * @returns a function to call when the wait ends
 */
export function detectDeadlock(
  places: WriteSlots,
  title: string,
  onStuck: (error: PaddleError) => void,
): () => void {
  const scopes: WriteScope[] = []
  for (let scope = unfinished(); scope; scope = scope.outer) scopes.push(scope)
  if (scopes.length === 0) return () => undefined
  const state = { isWaiting: true }
  for (const scope of scopes) scope.addWait(places)
  queueMicrotask(() => {
    if (state.isWaiting && scopes.some(({ isDone }) => !isDone) && isStuck(places, []))
      onStuck(runInWrite(title))
  })
  return () => {
    if (state.isWaiting) for (const scope of scopes) scope.removeWait(places)
    state.isWaiting = false
  }
}

function runInWrite(title: string): PaddleError {
  return new PaddleError(
    'RUN_IN_WRITE',
    `The \`write\` of a feed waits for a run of ${title}, but every lane is held by a run whose \`write\` waits too: a deadlock.`,
    { advice: 'Run it first and let `write` copy the outputs, or create another predictor for it.' },
  )
}

/** Whether every lane is held by a run whose `write` waits for lanes that are stuck too. */
function isStuck(places: WriteSlots, seen: readonly WriteSlots[]): boolean {
  if (seen.includes(places)) return true
  const all = [...seen, places]
  return places
    .holders()
    .every((scope) => scope && !scope.isDone && scope.waits.some((others) => isStuck(others, all)))
}

/** @throws PaddleError RUN_IN_WRITE if called by a `write` for the pool with this memory */
export function checkNotInWrite(memory: object, title: string): void {
  for (let scope = unfinished(); scope; scope = scope.outer) {
    if (scope.memory !== memory || scope.isDone) continue
    throw new PaddleError(
      'RUN_IN_WRITE',
      `The \`write\` of a feed called drain() on the pool of ${title}, which waits for the run of this feed.`,
      { advice: 'Call drain() outside of `write`.' },
    )
  }
}

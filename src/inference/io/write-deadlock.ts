import { AsyncLocalStorage } from 'node:async_hooks'
import { PaddleError } from '../../errors.js'

/** Room for the feeds of so many runs, which runs wait for. */
export interface WriteSlots {
  /** For each place, the scope of the run that holds it and whose feeds are being written by user code; undefined for every other. */
  holders(): readonly (WriteScope | undefined)[]
}

const current = new AsyncLocalStorage<WriteScope>()

/** The time in which user code writes the feeds of a run, and all that is begun by it. */
export class WriteScope {
  /** The predictor's memory, or the pool's. */
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

  /** What runs that were begun in it wait for. */
  get waits(): readonly WriteSlots[] {
    return this.#waits
  }

  /** Calls what writes the feeds. */
  run<T>(write: () => T): T {
    return current.run(this, write)
  }

  /** All is written, or given up. */
  end(): void {
    this.#isDone = true
    // What was begun in it may go on, and begin others in turn: nothing that is over is kept.
    this.#outer = firstUnfinished(this.#outer)
  }

  addWait(places: WriteSlots): void {
    this.#waits.push(places)
  }

  removeWait(places: WriteSlots): void {
    this.#waits.splice(this.#waits.indexOf(places), 1)
  }
}

/** The innermost scope that is not over, of those in which this is called. */
function unfinished(): WriteScope | undefined {
  return firstUnfinished(current.getStore())
}

function firstUnfinished(from: WriteScope | undefined): WriteScope | undefined {
  let scope = from
  while (scope?.isDone) scope = scope.outer
  return scope
}

/**
 * Takes note that a run waits for a place. When it was begun by the `write` of a run, and all places are held by runs whose `write` waits for a
 * place in turn, none of them would ever come free.
 *
 * @param onStuck - is called with RUN_IN_WRITE then, once what runs now has returned: a `write` that is no async function waits for nothing
 * @returns what is to be called when it waits no more
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
    `The \`write\` of a feed waits for a run of ${title}, all of whose places are held by runs that are being written and wait too: none would ever come free.`,
    { advice: 'Run it before, and have `write` copy the outputs, or create another predictor for it.' },
  )
}

/** Whether each place is held by a run whose `write` waits for places that are stuck too. */
function isStuck(places: WriteSlots, seen: readonly WriteSlots[]): boolean {
  if (seen.includes(places)) return true
  const all = [...seen, places]
  return places
    .holders()
    .every((scope) => scope && !scope.isDone && scope.waits.some((others) => isStuck(others, all)))
}

/** @throws PaddleError RUN_IN_WRITE where this is called by a `write` for the pool whose memory that is */
export function checkNotInWrite(memory: object, title: string): void {
  for (let scope = unfinished(); scope; scope = scope.outer) {
    if (scope.memory !== memory || scope.isDone) continue
    throw new PaddleError(
      'RUN_IN_WRITE',
      `The \`write\` of a feed has called drain() of the pool of ${title} that it writes for, which waits for that run.`,
      { advice: 'Call it outside of `write`.' },
    )
  }
}

import { Arena } from '../arena.js'
import { openPredictor } from '../create-predictor.js'
import type { StartPlan } from '../start-plan.js'
import { PoolSlot } from './slot.js'

/** The slots of a pool, each with a worker, and what they share. */
export interface Slots {
  readonly all: readonly PoolSlot[]
  readonly arena: Arena
  /** Ends every worker; what is being started is given up with this reason. May be called twice. */
  close(reason: unknown): Promise<void>
}

/**
 * Starts `count` workers, all at once.
 *
 * @param changed Is called whenever a slot can take more, or no longer can take any.
 * @throws PaddleError as `createPredictor`: the failure that came first. Nothing is left running then.
 */
export async function startSlots(
  plan: StartPlan,
  count: number,
  stop: AbortSignal,
  changed: () => void,
): Promise<Slots> {
  stop.throwIfAborted()
  const arena = new Arena()
  const ending = new AbortController()
  const open = () => openPredictor(plan, ending.signal, arena)
  const all = Array.from({ length: count }, () => new PoolSlot(open, changed))
  const close = async (reason: unknown): Promise<void> => {
    ending.abort(reason)
    await Promise.all(all.map(async (slot) => slot.close()))
    arena.close()
  }
  const abort = (): void => {
    ending.abort(stop.reason)
  }
  stop.addEventListener('abort', abort, { once: true })
  let failure: { readonly error: unknown } | undefined
  await Promise.all(
    all.map(async (slot) => {
      try {
        await slot.start()
      } catch (error) {
        failure ??= { error }
        ending.abort(error)
      }
    }),
  )
  stop.removeEventListener('abort', abort)
  if (!failure) return { all, arena, close }
  await close(failure.error)
  throw failure.error
}

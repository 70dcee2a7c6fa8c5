import { listenForAbort } from '../../async/index.js'
import { openPredictors } from '../create-predictor.js'
import { Arena } from '../memory/arena.js'
import type { LaunchPlan } from '../worker/launch-plan.js'
import { PoolSlot, type SlotParts } from './slot.js'

/** The slots of a pool, each with one worker, and their shared arena. */
export interface Slots {
  readonly all: readonly PoolSlot[]
  readonly arena: Arena
  /** Ends every worker and aborts pending starts with this reason. May be called twice. */
  close(reason: unknown): Promise<void>
}

interface SlotsOptions extends Omit<SlotParts, 'index' | 'title' | 'open'> {
  readonly workers: number
}

/**
 * Starts all workers at once.
 *
 * @throws PaddleError as `createPredictor`: the first failure. No process is left running then.
 */
export async function startSlots(
  plan: LaunchPlan,
  { workers, ...parts }: SlotsOptions,
  stop: AbortSignal,
): Promise<Slots> {
  stop.throwIfAborted()
  const memory = plan.early?.claimMemory()
  const arena = new Arena(memory?.arena)
  const ending = new AbortController()
  const open: SlotParts['open'] = (place) => openPredictors(plan, ending.signal, { arena, ...place })
  const { title } = plan
  const all = Array.from({ length: workers }, (_, index) => new PoolSlot({ ...parts, index, title, open }))
  const close = async (reason: unknown): Promise<void> => {
    ending.abort(reason)
    await Promise.all(all.map(async (slot) => slot.close()))
    arena.close()
  }
  const stopListening = listenForAbort(stop, () => {
    ending.abort(stop.reason)
  })
  let failure: { readonly error: unknown } | undefined
  await Promise.all(
    all.map(async (slot, index) => {
      try {
        await slot.start(index === 0 ? memory?.lanes : undefined)
      } catch (error) {
        failure ??= { error }
        ending.abort(error)
      }
    }),
  )
  stopListening()
  if (!failure) return { all, arena, close }
  await close(failure.error)
  throw failure.error
}

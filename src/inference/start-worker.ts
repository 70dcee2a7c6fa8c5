import type { Worker } from '../bridge/index.js'
import { oneDnnSuspicion } from './one-dnn-failure.js'
import type { ModelPlan, LaunchPlan, WorkerMemory } from './start-plan.js'

/**
 * Starts a worker, without oneDNN for the models that cannot be loaded with it but can be without.
 *
 * @throws PaddleError as `Worker.start`; with oneDNN's own failure when a model fails without oneDNN too.
 */
export async function startWorker(
  plan: LaunchPlan,
  memory: WorkerMemory,
  stop: AbortSignal,
): Promise<Worker> {
  /** Of the models that could not be loaded with oneDNN. */
  const failures = new Map<ModelPlan, unknown>()
  for (;;) {
    const state: { loading?: ModelPlan } = {}
    // Others may find out meanwhile that a model does not work with oneDNN.
    const withOneDnn = plan.models.filter(
      (model) => model.oneDnnFailure === undefined && !failures.has(model),
    )
    try {
      const worker = await plan.start({
        ...{ memory, stop },
        without: (model) => failures.has(model),
        onCreate: (model) => {
          state.loading = model
        },
      })
      for (const [model, failure] of failures) model.disableOneDnn(failure)
      return worker
    } catch (error) {
      const { loading } = state
      const [first = error] = loading ? [failures.get(loading)] : failures.values()
      const mayBeOneDnn =
        loading?.parts.allowsOneDnnFallback === true &&
        withOneDnn.includes(loading) &&
        oneDnnSuspicion(error) !== undefined
      if (!mayBeOneDnn || stop.aborted) throw first
      failures.set(loading, error)
    }
  }
}

import type { Worker } from '../../bridge/index.js'
import type { LaunchPlan, ModelPlan, WorkerMemory } from './launch-plan.js'
import { oneDnnSuspicion } from './one-dnn-suspicion.js'

/**
 * Starts a worker; reloads the models that fail to load with oneDNN without it.
 *
 * @throws PaddleError as `Worker.start`; the failure with oneDNN if a model also fails without it.
 */
export async function startWorker(
  plan: LaunchPlan,
  memory: WorkerMemory,
  stop: AbortSignal,
): Promise<Worker> {
  /** The failures of models that could not be loaded with oneDNN. */
  const failures = new Map<ModelPlan, unknown>()
  for (;;) {
    const state: { loading?: ModelPlan } = {}
    // Other workers may meanwhile disable oneDNN for a model.
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

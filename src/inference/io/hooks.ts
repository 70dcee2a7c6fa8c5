import type { HookedTensor, HookKind, Lane } from '../../bridge/index.js'
import { wrongType } from '../../errors.js'
import { isDType, type Tensor } from '../../tensor/index.js'
import { copyTensor } from './place-feeds.js'

/**
 * Is called with an input or output of an operator: the operator's type (`conv2d`, `pd_op.conv2d:0`), the
 * tensor's name, and the tensor in memory that belongs to the caller.
 */
export type PredictorHook = (operator: string, name: string, tensor: Tensor) => void

/** A tensor passed to a hook. */
export interface SeenTensor {
  readonly hook: HookKind
  readonly operator: string
  readonly name: string
  readonly tensor: Tensor
}

/**
 * Copies hooked tensors out of the memory that the next run overwrites. Skips dtypes that a tensor cannot
 * have.
 */
export function copyHookedTensors(region: Lane['output'], hooked: readonly HookedTensor[]): SeenTensor[] {
  return hooked.flatMap((seen) => {
    const { hook, operator, name, dtype, shape } = seen
    if (!isDType(dtype)) return []
    const tensor = { dtype, shape: [...shape], data: copyTensor(region, seen) } as Tensor
    return [{ hook, operator, name, tensor }]
  })
}

/** The hooks of a predictor, for inputs and for outputs. */
export class Hooks {
  readonly #hooks = { input: [] as PredictorHook[], output: [] as PredictorHook[] }

  /** @param ask Makes the worker report the tensors of this kind; calling it again has no effect. */
  async add(kind: HookKind, hook: PredictorHook, ask: () => Promise<unknown>): Promise<void> {
    if (typeof hook !== 'function') throw wrongType('hook', 'a function', hook)
    await ask()
    this.#hooks[kind].push(hook)
  }

  call(seen: readonly SeenTensor[]): void {
    for (const { hook: kind, operator, name, tensor } of seen) {
      for (const hook of this.#hooks[kind]) hook(operator, name, tensor)
    }
  }
}

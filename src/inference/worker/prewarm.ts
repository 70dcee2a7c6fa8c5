import type { PrewarmedWorker } from '../../bridge/prewarm.js'

export type { PrewarmedWorker }

/** The key under which options carry the worker from a command to the pool; it is not part of their types. */
const key = Symbol('early worker')

export function withPrewarmed<Options extends object>(
  options: Options,
  early: PrewarmedWorker | undefined,
): Options {
  return early ? { ...options, [key]: early } : options
}

export function prewarmedWorker(options: object): PrewarmedWorker | undefined {
  return (options as { readonly [key]?: PrewarmedWorker })[key]
}

/**
 * Like `prewarmWorker` of the bridge. Imports only that module, because loading the rest takes longer than
 * prewarming saves.
 */
export async function prewarmWorker(python: string | undefined): Promise<PrewarmedWorker> {
  const bridge = await import('../../bridge/prewarm.js')
  return bridge.prewarmWorker(python)
}

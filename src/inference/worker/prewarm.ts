import type { PrewarmedWorker } from '../../bridge/prewarm.js'

export type { PrewarmedWorker }

/** Options carry it from a command to the pool under a key that their types do not have. */
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

/** As that of the bridge, of which no more is loaded than it needs: the rest takes longer than this saves. */
export async function prewarmWorker(python: string | undefined): Promise<PrewarmedWorker> {
  const bridge = await import('../../bridge/prewarm.js')
  return bridge.prewarmWorker(python)
}

import type { EarlyWorker } from '../bridge/early-launch.js'

export type { EarlyWorker }

/** Options carry it from a command to the pool under a key that their types do not have. */
const key = Symbol('early worker')

export function withEarly<Options extends object>(options: Options, early: EarlyWorker | undefined): Options {
  return early ? { ...options, [key]: early } : options
}

export function earlyOf(options: object): EarlyWorker | undefined {
  return (options as { readonly [key]?: EarlyWorker })[key]
}

/** As that of the bridge, of which no more is loaded than it needs: the rest takes longer than this saves. */
export async function launchEarly(python: string | undefined): Promise<EarlyWorker> {
  const bridge = await import('../bridge/early-launch.js')
  return bridge.launchEarly(python)
}

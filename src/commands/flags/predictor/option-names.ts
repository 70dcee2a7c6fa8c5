import type { Named } from '../option-flags.js'
import { taskFlags } from '../task-flags.js'
import { generalFlags, oneDnnFlags, passFlags, xpuFlags } from './flag-table.js'
import { tensorRtFlags } from './tensor-rt.js'

/** Options that two flags set together. */
const parts: Readonly<Record<string, string>> = {
  'tensorRt.disablePluginFp16': 'tensorRt.dynamicShape.disablePluginFp16',
  'tensorRt.allowBuildAtRuntime': 'tensorRt.tunedShapes.allowBuildAtRuntime',
}

/** The flag of each option, by its path: `tensorRt.maxBatchSize` is `--trt-max-batch-size`. */
export const flagOfOption: ReadonlyMap<string, string> = new Map([
  ...named('', generalFlags),
  ...named('oneDnn.', oneDnnFlags),
  ...named('tensorRt.', tensorRtFlags),
  ...named('passes.', passFlags),
  ...named('xpu.', xpuFlags),
  ...named('', taskFlags),
])

function named(before: string, flags: Readonly<Record<string, Named>>): [string, string][] {
  return Object.entries(flags).map(([option, [name]]) => {
    const path = before + option
    return [parts[path] ?? path, `--${name}`]
  })
}

import type { Named } from '../option-flags.js'
import { taskFlags } from '../task-flags.js'
import { generalFlags, oneDnnFlags, passFlags, xpuFlags } from './general.js'
import { tensorRtFlags } from './tensor-rt.js'

/** Where two flags are parts of one option. */
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

/** The message of a wrong option, with the flags that the user knows in the place of the options. */
export function inFlags(message: string): string {
  const [expected = '', ...rest] = message.split(/(?=, got )/)
  const got = rest
    .join('')
    .replace(/^, got `(.*)` \(\w+\)\.$/s, ', got $1.')
    // What the flags together make of it is not what the user wrote.
    .replace(/^, got an object .*$/s, '.')
  return (
    expected
      .replace('which `xpu` needs', 'which the flags --xpu-… need')
      .replace(/`([\w.]+)(?:\[\d+\][\w.]*)?`/g, (quoted, path: string) => flagAt(path) ?? quoted) + got
  )
}

/** What is wrong with a part of an option is wrong with its flag. */
function flagAt(path: string): string | undefined {
  const end = path.lastIndexOf('.')
  return flagOfOption.get(path) ?? (end < 0 ? undefined : flagAt(path.slice(0, end)))
}

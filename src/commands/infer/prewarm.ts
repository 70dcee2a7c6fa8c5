import { prewarmWorker, type PrewarmedWorker } from '../../inference/worker/prewarm.js'
import { lastValue, variableOf, type CommandWords, type TypedFlag } from '../argv.js'

/** Flags after which no worker is started, or one that imports more. */
const others = [
  ...['help', 'version', 'prepare'],
  ...['set-pass', 'delete-pass', 'insert-pass', 'append-pass', 'custom-pass'],
]

/**
 * Whether an `infer` will most likely start a worker, and on which Python: known from the words alone, before there is anything that
 * could read them properly.
 *
 * @param byFile - the names of the flags that a file gives
 */
export function canPrewarm(
  flags: readonly TypedFlag[],
  byFile: readonly string[],
  variables: NodeJS.ProcessEnv,
): { readonly python: string | undefined } | undefined {
  const isGiven = (name: string): boolean =>
    lastValue(flags, name) !== undefined || byFile.includes(name) || Boolean(variables[variableOf(name)])
  if (others.some(isGiven)) return undefined
  const python = lastValue(flags, 'python')
  if (python === false || python === '') return undefined
  // What the file names is not known yet; the variable is looked at where a Python is looked for.
  const isOfFile = byFile.includes('python') && !variables['PADDLE_TS_PYTHON']
  return python === undefined && isOfFile ? undefined : { python }
}

/**
 * Has the worker's process started while the rest of the command is still being loaded. It changes nothing but the time: what is
 * wrong is told when the worker, or the file, is needed.
 *
 * @param byFile - the names of the flags that a file gives
 * @returns what was started, which the caller ends where nobody has taken it over
 */
export async function prewarm(
  { command, flags }: CommandWords,
  byFile: () => readonly string[],
): Promise<PrewarmedWorker | undefined> {
  if (command !== 'infer') return undefined
  try {
    const how = canPrewarm(flags, byFile(), process.env)
    return how && (await prewarmWorker(how.python))
  } catch {
    return undefined
  }
}

import { prewarmWorker, type PrewarmedWorker } from '../../inference/worker/prewarm.js'
import { lastValue, variableOf, type CommandWords, type TypedFlag } from '../argv.js'

/** Flags with which no worker starts, or one that imports more. */
const others = [
  ...['help', 'help-all', 'version', 'prepare'],
  ...['set-pass', 'delete-pass', 'insert-pass', 'append-pass', 'custom-pass'],
]

/**
 * Predicts from the words alone, before yargs is loaded, whether `infer` will start a worker, and with which
 * Python.
 *
 * @param byFile - names of the flags in the file of defaults
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
  // The value in the file is not known yet; the variable is read when the Python is resolved.
  const isOfFile = byFile.includes('python') && !variables['PADDLE_TS_PYTHON']
  return python === undefined && isOfFile ? undefined : { python }
}

/**
 * Starts the worker's process while the rest of the command loads. Errors are ignored here; they are reported
 * when the worker or the file is used.
 *
 * @param byFile - returns the names of the flags in the file of defaults
 * @returns the worker; the caller discards it if the command does not use it
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

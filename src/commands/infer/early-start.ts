import { launchEarly, type EarlyWorker } from '../../inference/early-launch.js'

/** Flags after which no worker is started, or one that imports more. */
const others = /^(?:help|version|prepare|(?:set|delete|insert|append|custom)-pass)$/

/** What else gives flags, as far as it is known by then. */
export interface Given {
  /** The names of the flags that a file gives; undefined where it is not what it should be. */
  readonly byFile: readonly string[] | undefined
  readonly variables: NodeJS.ProcessEnv
}

/**
 * Whether a command line is an `infer` that will most likely start a worker, and on which Python: known from the words alone,
 * before there is anything that could read them properly.
 */
export function startsEarly(
  [command, ...args]: readonly string[],
  { byFile, variables }: Given,
): { python: string | undefined } | undefined {
  if (command !== 'infer' || byFile === undefined) return undefined
  const typed = args.flatMap((arg) => /^--([\w-]+)/.exec(arg)?.[1] ?? [])
  if ([...typed, ...byFile, ...namesOf(variables)].some((name) => others.test(name))) return undefined
  const [at, another] = args.flatMap((arg, index) => (/^--python\b/.test(arg) ? [index] : []))
  if (at === undefined) {
    // The variable is looked at where a Python is looked for.
    const isOfFile = byFile.includes('python') && !variables['PADDLE_TS_PYTHON']
    return isOfFile ? undefined : { python: undefined }
  }
  const [, tied] = /^--python=(.*)$/s.exec(args[at] ?? '') ?? []
  const python = tied ?? args[at + 1]
  return another === undefined && python ? { python } : undefined
}

/** The flags that variables give. */
function namesOf(variables: NodeJS.ProcessEnv): string[] {
  return Object.entries(variables).flatMap(([variable, value]) => {
    const [, name] = /^PADDLE_TS_(\w+)$/.exec(variable) ?? []
    return name && value ? [name.toLowerCase().replaceAll('_', '-')] : []
  })
}

/**
 * Has the worker's process started while the rest of the command is still being loaded. It changes nothing but the time: what is
 * wrong is told when the worker is needed.
 *
 * @param flagsOfFile - the names of the flags that a file gives; undefined where it is not what it should be
 * @returns what was started, which the caller ends where nobody has taken it over
 */
export async function startEarly(
  words: readonly string[],
  flagsOfFile: () => readonly string[] | undefined,
): Promise<EarlyWorker | undefined> {
  const byFile = words[0] === 'infer' ? flagsOfFile() : undefined
  const how = startsEarly(words, { byFile, variables: process.env })
  if (!how) return undefined
  return launchEarly(how.python).catch(() => undefined)
}

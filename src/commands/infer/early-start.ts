/** Flags after which no worker is started, or one that imports more. */
const others = /^--(?:help|version|prepare|(?:set|delete|insert|append|custom)-pass)\b/

/**
 * Whether a command line is an `infer` that will most likely start a worker, and on which Python: known from the words alone,
 * before there is anything that could read them properly.
 */
export function startsEarly([command, ...args]: readonly string[]):
  { python: string | undefined } | undefined {
  if (command !== 'infer' || !args.some((arg) => arg.startsWith('--model-dir'))) return undefined
  if (args.some((arg) => others.test(arg))) return undefined
  const [at, another] = args.flatMap((arg, index) => (/^--python\b/.test(arg) ? [index] : []))
  if (at === undefined) return { python: undefined }
  const [, tied] = /^--python=(.*)$/s.exec(args[at] ?? '') ?? []
  const python = tied ?? args[at + 1]
  return another === undefined && python ? { python } : undefined
}

/**
 * Has the worker's process started while the rest of the command is still being loaded. It changes nothing but the time: what is
 * wrong is told when the worker is needed.
 *
 * @returns ends the process, where nobody needed it
 */
export async function startEarly(args: readonly string[]): Promise<() => Promise<void>> {
  const how = startsEarly(args)
  if (!how) return () => Promise.resolve()
  const { dropEarly, launchEarly } = await import('../../inference/early-launch.js')
  await launchEarly(how.python).catch(() => undefined)
  return dropEarly
}

/**
 * `-` is a value of `infer --img-path` (paths on standard input), but yargs takes it for the beginning of a flag and drops it: it is
 * tied to its flag.
 */
export function tieLoneDash(args: readonly string[]): string[] {
  if (args[0] !== 'infer') return [...args]
  return args.map((arg) => (arg === '-' ? '--img-path=-' : arg))
}

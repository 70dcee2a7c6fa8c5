/** The commands that take images. */
const commands: readonly (string | undefined)[] = ['infer', 'verify']

/**
 * `-` is a value of their `--img-path` (paths on standard input), but yargs takes it for the beginning of a flag and drops it: it is
 * tied to its flag.
 */
export function tieLoneDash(args: readonly string[]): string[] {
  if (!commands.includes(args[0])) return [...args]
  return args.map((arg) => (arg === '-' ? '--img-path=-' : arg))
}

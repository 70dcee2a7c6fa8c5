/** The command line is wrong, or what it takes its defaults from. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

import type { ZodType } from 'zod'

/**
 * Hands each line of a process to `read`. When `read` throws, `giveUp` tells the process to end, no further line is read, and the
 * error is thrown once the process has ended: leaving the loop at once would wait for it too, but leave it at its work.
 *
 * @param lines - execa's lines of a process, which end when the process has ended
 */
export async function readLines(
  lines: AsyncIterable<string>,
  read: (line: string) => void,
  giveUp: () => void,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined
  for await (const line of lines) {
    if (failure) continue
    try {
      read(line)
    } catch (error) {
      failure = { error }
      giveUp()
    }
  }
  if (failure) throw failure.error
}

/** What a process wrote as JSON of this form; undefined when it is something else. */
export function parseAs<T>(form: ZodType<T>, text: string): T | undefined {
  try {
    return form.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

let quiet = false

/** Disables notes, warnings and progress (`--quiet`). */
export function setQuiet(): void {
  quiet = true
}

/** Whether only results and errors are printed. */
export function isQuiet(): boolean {
  return quiet
}

/** Writes a note to standard error, unless quiet. */
export function logNote(text: string): void {
  if (!quiet) process.stderr.write(text)
}

let quiet = false

/** With `--quiet`: from here on, no notes are told and no progress is shown. */
export function setQuiet(): void {
  quiet = true
}

/** Whether nothing but answers and errors is wanted. */
export function isQuiet(): boolean {
  return quiet
}

/** Tells on standard error what is worth knowing and neither an answer nor an error. */
export function logNote(text: string): void {
  if (!quiet) process.stderr.write(text)
}

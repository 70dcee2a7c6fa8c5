import { asTyped } from './command-name.js'

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
  if (!quiet) logError(text)
}

/** Writes a text to standard error. */
export function logError(text: string): void {
  process.stderr.write(asTyped(text))
}

/** Writes a text for people to standard output; anything for programs is written as it is. */
export function printText(text: string): void {
  process.stdout.write(asTyped(text))
}

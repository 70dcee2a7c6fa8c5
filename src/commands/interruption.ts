const controller = new AbortController()

/**
 * Aborted by Ctrl-C. A command hands it to what takes a signal, so that everything ends in order; when the command is
 * not done with that after {@link graceMs}, the process ends anyway.
 */
export const interruption: AbortSignal = controller.signal

const graceMs = 800

/** Exit code of a command that Ctrl-C ended: 128 + the number of SIGINT. */
export const interruptedExitCode = 130

/** Listens to Ctrl-C from here on. A second one ends the process at once. */
export function listenForInterruption(): void {
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(interruptedExitCode)
    controller.abort()
    setTimeout(() => process.exit(interruptedExitCode), graceMs).unref()
  })
}

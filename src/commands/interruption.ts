const controller = new AbortController()

/**
 * Aborted by Ctrl-C. A command hands it to what takes a signal, so that everything ends in order; when the command is
 * not done with that after {@link graceMs}, the process ends anyway.
 */
export const interruption: AbortSignal = controller.signal

const graceMs = 800

/** Signals that a user or a supervisor ends a command with, and its exit code then: 128 + the signal's number. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const

type EndingSignal = keyof typeof exitCodes

/** Exit code of a command that Ctrl-C ended. */
export const interruptedExitCode = exitCodes.SIGINT

/** Listens to Ctrl-C from here on. A second one ends the process at once. */
export function listenForInterruption(): void {
  process.on('SIGINT', () => {
    if (finishing) {
      finishing('SIGINT')
      return
    }
    if (controller.signal.aborted) process.exit(interruptedExitCode)
    controller.abort()
    setTimeout(() => process.exit(interruptedExitCode), graceMs).unref()
  })
}

let finishing: ((signal: EndingSignal) => void) | undefined

/**
 * A time in which a command has work in hand that is worth finishing: the first Ctrl-C or SIGTERM fires {@link signal} and leaves
 * {@link interruption} alone, the second one ends the process at once.
 */
export class Finishing implements Disposable {
  readonly #controller = new AbortController()
  /** Fired by the first of them. */
  readonly signal: AbortSignal = this.#controller.signal
  #exitCode: number | undefined
  readonly #onTerm = (): void => {
    this.#onSignal('SIGTERM')
  }

  /** Before this, and after its disposal, a signal ends the command as it ends others. May be called twice. */
  begin(): void {
    if (finishing) return
    finishing = (signal) => {
      this.#onSignal(signal)
    }
    process.on('SIGTERM', this.#onTerm)
  }

  /** The command's exit code, once the signal has been fired. */
  get exitCode(): number | undefined {
    return this.#exitCode
  }

  #onSignal(signal: EndingSignal): void {
    if (this.#exitCode !== undefined) process.exit(exitCodes[signal])
    this.#exitCode = exitCodes[signal]
    this.#controller.abort()
  }

  [Symbol.dispose](): void {
    finishing = undefined
    process.off('SIGTERM', this.#onTerm)
  }
}

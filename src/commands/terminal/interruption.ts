import { startTimer } from '../../async/index.js'

const controller = new AbortController()

/**
 * Aborted by Ctrl-C or SIGTERM. A command hands it to what takes a signal, so that everything ends in order; when the command is
 * not done with that after {@link graceMs}, the process ends anyway.
 */
export const interruption: AbortSignal = controller.signal

const graceMs = 800

/** Signals that a user or a supervisor ends a command with, and its exit code then: 128 + the signal's number. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const

type EndingSignal = keyof typeof exitCodes

let interruptedBy: EndingSignal = 'SIGINT'

/** Exit code of a command that the signal ended. */
export function interruptedExitCode(): number {
  return exitCodes[interruptedBy]
}

/**
 * Listens to both of them from here on. A second one ends the process at once. Without that, SIGTERM would do nothing to a process that
 * is the first one of a container.
 */
export function listenForInterruption(): void {
  for (const signal of Object.keys(exitCodes) as EndingSignal[]) {
    process.on(signal, () => {
      if (finishing) finishing(signal)
      else interrupt(signal)
    })
  }
}

function interrupt(signal: EndingSignal): void {
  if (controller.signal.aborted) process.exit(exitCodes[signal])
  interruptedBy = signal
  controller.abort()
  startTimer(graceMs, () => process.exit(exitCodes[signal])).unref()
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

  /** Before this, and after its disposal, a signal ends the command as it ends others. May be called twice. */
  begin(): void {
    if (finishing) return
    finishing = (signal) => {
      this.#onSignal(signal)
    }
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
  }
}

import { startTimer } from '../../async/index.js'

const controller = new AbortController()

/**
 * Aborted by Ctrl-C or SIGTERM. Commands pass it on, so that everything ends in order. If the command has not
 * ended after {@link graceMs}, the process exits anyway.
 */
export const interruption: AbortSignal = controller.signal

const graceMs = 800

/** Signals that end a command, with the exit code: 128 + the signal's number. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const

type EndingSignal = keyof typeof exitCodes

let interruptedBy: EndingSignal = 'SIGINT'

/** The exit code of a command that a signal ended. */
export function interruptedExitCode(): number {
  return exitCodes[interruptedBy]
}

/**
 * Listens for both signals. A second one ends the process at once. Without a listener, SIGTERM would have no
 * effect on the first process of a container.
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
 * A period in which work in progress is completed: the first Ctrl-C or SIGTERM aborts {@link signal} instead
 * of {@link interruption}, the second one ends the process at once.
 */
export class Finishing implements Disposable {
  readonly #controller = new AbortController()
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal = this.#controller.signal
  #exitCode: number | undefined

  /** Starts the period, which disposal ends. Outside it, a signal aborts {@link interruption}. Idempotent. */
  begin(): void {
    if (finishing) return
    finishing = (signal) => {
      this.#onSignal(signal)
    }
  }

  /** The command's exit code, once the signal is aborted. */
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

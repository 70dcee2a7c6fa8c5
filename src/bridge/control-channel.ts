import { importError, type Interpreter } from '../environment/index.js'
import { messageOf, PaddleError } from '../errors.js'
import { withReport, type CrashFacts } from './crash-report.js'
import type { ControlReply, Hello } from './protocol/control.js'
import { PythoniaClient } from './pythonia-client.js'
import { isHello, parseControlReply } from './validate-reply.js'
import { deathError, interpreterFailed } from './worker-errors.js'
import type { Death, WorkerProcess } from './worker-process.js'

/** The reply to a call; how the process ended if it ended first. */
export type CallResult = ControlReply | { readonly ended: Death }

/**
 * Calls into one module of a Python process, through pythonia. A call waits no longer than the process lives.
 */
export class ControlChannel {
  readonly #process: WorkerProcess
  readonly #link: PythoniaClient

  constructor(process: WorkerProcess, moduleName: string) {
    this.#process = process
    this.#link = new PythoniaClient(process, moduleName)
    void process.death.then(() => {
      this.#link.close()
    })
  }

  /**
   * The value of the first call, `hello`.
   *
   * @param title The purpose of the process, as error messages name it.
   * @throws PaddleError PADDLE_NOT_INSTALLED, PADDLE_IMPORT_FAILED, PADDLE_CPU_UNSUPPORTED, PYTHON_NOT_FOUND,
   * WORKER_START_FAILED
   */
  async hello(hello: Promise<CallResult>, { path, source }: Interpreter, title: string): Promise<Hello> {
    const known = (end: CrashFacts['end']): CrashFacts => ({ interpreter: path, doing: 'import', end })
    const reply = await hello
    if ('ended' in reply) {
      const { signal, startError, broken } = reply.ended
      if (signal === 'SIGKILL' || broken !== undefined)
        throw withReport(deathError('WORKER_START_FAILED', 'import', title, reply.ended), known(reply.ended))
      if (startError !== undefined) throw interpreterFailed(path, startError)
      throw withReport(importError(path, reply.ended, source), known(reply.ended))
    }
    if (!reply.ok) throw withReport(importError(path, reply.error, source), known(reply.error))
    if (isHello(reply.value)) return reply.value
    this.#process.breakProtocol('an invalid reply', JSON.stringify(reply.value))
    const death = await this.#process.death
    throw withReport(deathError('WORKER_START_FAILED', 'import', title, death), known(death))
  }

  /** Makes a call; returns how the process ended if it ends before the reply. */
  async call(name: string, request: unknown): Promise<CallResult> {
    const ended = this.#process.death.then((death) => ({ ended: death }))
    const answer = this.#link.call(name, JSON.stringify(request)).then(
      (text): CallResult | Promise<CallResult> => this.#understood(text) ?? ended,
      (cause: unknown) => {
        // When the process ends, pythonia rejects its calls.
        if (this.#process.ended) return ended
        throw new PaddleError('WORKER_START_FAILED', `The call to the worker failed: ${messageOf(cause)}`, {
          cause,
        })
      },
    )
    return this.#process.held(Promise.race([answer, ended]))
  }

  /** Makes a call without waiting for it. If it returns, the process cannot continue, and is ended. */
  start(name: string, request: unknown): void {
    this.#link.call(name, JSON.stringify(request)).then(
      (text) => {
        const reply = this.#understood(text)
        const why = reply && !reply.ok ? `: ${reply.error.type}: ${reply.error.message}` : ''
        this.#process.breakProtocol(`it stopped serving${why}`)
      },
      (cause: unknown) => {
        this.#process.breakProtocol(`it stopped serving: ${messageOf(cause)}`)
      },
    )
  }

  /** Parses a reply. After an invalid one, all replies of the process are ignored. */
  #understood(text: unknown): ControlReply | undefined {
    const reply = parseControlReply(text)
    if (!reply) this.#process.breakProtocol('an invalid reply', String(text))
    return reply
  }
}

import { importFailed, type Interpreter } from '../environment/index.js'
import { messageOf, PaddleError } from '../errors.js'
import type { ControlReply, Hello } from './protocol.js'
import { PythonLink } from './python-link.js'
import { deathError, notStarted } from './worker-failure.js'
import type { Death, WorkerProcess } from './worker-process.js'

/** What a call has brought; how the process ended when it did so first. */
export type CallAnswer = ControlReply | { readonly ended: Death }

/** Calls into one module of a Python process, through pythonia; none waits longer than the process lives. */
export class Control {
  readonly #process: WorkerProcess
  readonly #link: PythonLink

  constructor(process: WorkerProcess, moduleName: string) {
    this.#process = process
    this.#link = new PythonLink(process.child, moduleName)
    void process.death.then(() => {
      this.#link.close()
    })
  }

  /**
   * What the first call, `hello`, has brought.
   *
   * @param title What the process is for, as errors name it.
   * @throws PaddleError PADDLE_NOT_INSTALLED, PADDLE_IMPORT_FAILED, PADDLE_CPU_UNSUPPORTED, PYTHON_NOT_FOUND,
   * WORKER_START_FAILED
   */
  async greet(hello: Promise<CallAnswer>, { path, source }: Interpreter, title: string): Promise<Hello> {
    const reply = await hello
    if ('ended' in reply) {
      const { signal, exitCode, output, startError } = reply.ended
      if (signal === 'SIGKILL') throw deathError('WORKER_START_FAILED', 'import', title, reply.ended)
      if (startError !== undefined) throw notStarted(path, startError)
      const failure = { signal: signal ?? undefined, exitCode: exitCode ?? undefined, stderr: output }
      throw importFailed(path, failure, source)
    }
    if (!reply.ok) throw importFailed(path, reply.error, source)
    return reply.value as Hello
  }

  /** Makes a call; the answer is how the process ended when it does so first. */
  async call(name: string, request: unknown): Promise<CallAnswer> {
    const ended = this.#process.death.then((death) => ({ ended: death }))
    const answer = this.#link.call(name, JSON.stringify(request)).then(
      (text) => JSON.parse(text) as ControlReply,
      (cause: unknown) => {
        // When the process ends, the link gives its calls up.
        if (this.#process.ended) return ended
        throw new PaddleError('WORKER_START_FAILED', `The worker could not answer: ${messageOf(cause)}`, {
          cause,
        })
      },
    )
    return this.#process.held(Promise.race([answer, ended]))
  }

  /** Makes a call that is not waited for: it answers only when it cannot go on. */
  begin(name: string, request: unknown, onEnd: () => void): void {
    this.#link.call(name, JSON.stringify(request)).then(onEnd, onEnd)
  }
}

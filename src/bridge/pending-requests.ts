import { Doorbell } from './doorbell.js'
import type { AskReply, AskRequest, RunReply, RunRequest, WorkerFailure } from './protocol.js'
import type { Lane } from './region.js'
import { replyMismatch, type DoorbellReply } from './validate-reply.js'
import type { WorkerProcess } from './worker-process.js'

/** What a worker can be rung for. */
export type WorkerRequest = RunRequest | AskRequest

interface PendingRequest {
  readonly request: WorkerRequest
  readonly onTurn: (() => void) | undefined
  readonly resolve: (reply: RunReply | AskReply) => void
  readonly reject: (error: Error) => void
  /** Set once it has asked for room for its outputs: why there was none, null where there was. */
  denied?: Error | null
}

/** What answers are checked against, and told with. */
interface OpenRequestsParts {
  readonly lanes: readonly Lane[]
  /** The names of a model's outputs. */
  readonly outputsOf: (model: number) => readonly { readonly name: string }[]
  /** The error for an exception of the worker. */
  readonly failureOf: (failure: WorkerFailure, model: number) => Error
}

/**
 * What a worker was rung for and has not answered, in the order of the ringing, which is that of the answers: the first is what it does now.
 * Whoever has to know when its turn comes is called.
 */
export class PendingRequests {
  readonly #parts: OpenRequestsParts
  readonly #doorbell: Doorbell
  readonly #open = new Map<number, PendingRequest>()
  #nextId = 1
  #isOver = false

  constructor(process: WorkerProcess, parts: OpenRequestsParts) {
    this.#parts = parts
    this.#doorbell = new Doorbell(process.doorbell, process.pid, {
      reply: (id, reply) => this.#take(id, reply),
      broken: (problem, line) => {
        process.breakProtocol(problem, line)
      },
    })
  }

  get size(): number {
    return this.#open.size
  }

  /**
   * Rings for it. It throws where the request has no text, one longer than a string can be.
   *
   * @param onTurn - is called when all that was rung before is answered, and the worker begins with it
   */
  send(request: WorkerRequest, onTurn?: () => void): Promise<RunReply | AskReply> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId
      this.#nextId += 1
      this.#doorbell.send(id, request)
      this.#open.set(id, { request, onTurn, resolve, reject })
      if (this.#open.size === 1) onTurn?.()
    })
  }

  /** The worker has ended: nothing is answered any more. @returns what was open, the first being what it did then */
  end(): readonly PendingRequest[] {
    this.#isOver = true
    const open = [...this.#open.values()]
    this.#open.clear()
    return open
  }

  /** Settles what an answer is for; what is wrong with it, if something is. */
  #take(id: number, reply: DoorbellReply): string | undefined {
    // What comes of a process that has ended is for nobody any more.
    if (this.#isOver) return undefined
    const [expected, open] = this.#open.entries().next().value ?? []
    if (!open) return 'an answer that nobody waits for'
    if (id !== expected) return `an answer to ${id} instead of ${expected}`
    if ('need' in reply) return this.#makeRoom(id, open, reply.need)
    const { lanes, outputsOf, failureOf } = this.#parts
    const { request } = open
    const problem =
      'error' in reply ? undefined : replyMismatch(request, reply, lanes, outputsOf(request.model))
    if (problem !== undefined) return problem
    this.#open.delete(id)
    if ('error' in reply) open.reject(open.denied ?? failureOf(reply.error, request.model))
    else open.resolve(reply)
    const [next] = this.#open.values()
    next?.onTurn?.()
    return undefined
  }

  /** Grows the memory for the outputs of a run, which the worker holds; what is wrong with its asking, if something is. */
  #makeRoom(id: number, open: PendingRequest, need: number): string | undefined {
    const { request, denied } = open
    const region = 'lane' in request ? this.#parts.lanes[request.lane]?.output : undefined
    if (!region || denied !== undefined) return 'a need for memory that it may not have'
    open.denied = null
    try {
      region.grow(need)
    } catch (error) {
      // The worker drops the outputs then, and answers with an error.
      open.denied = error as Error
    }
    this.#doorbell.send(id, { outputBytes: region.size })
    return undefined
  }
}

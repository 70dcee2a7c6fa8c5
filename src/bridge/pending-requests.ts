import { RunChannel } from './run-channel.js'
import type { WorkerFailure } from './protocol/control.js'
import type { AskReply, AskRequest, RunReply, RunRequest } from './protocol/runs.js'
import type { Lane } from './region.js'
import { replyMismatch, type RunChannelReply } from './validate-reply.js'
import type { WorkerProcess } from './worker-process.js'

/** A request that goes through the run channel. */
export type WorkerRequest = RunRequest | AskRequest

interface PendingRequest {
  readonly request: WorkerRequest
  readonly onTurn: (() => void) | undefined
  readonly resolve: (reply: RunReply | AskReply) => void
  readonly reject: (error: Error) => void
  /** Set once the run has asked for more output memory: the error if there was none, otherwise null. */
  denied?: Error | null
}

/** What replies are checked against, and errors are created with. */
interface OpenRequestsParts {
  readonly lanes: readonly Lane[]
  /** The outputs of a model. */
  readonly outputsOf: (model: number) => readonly { readonly name: string }[]
  /** Creates the error for an exception of the worker. */
  readonly failureOf: (failure: WorkerFailure, model: number) => Error
}

/**
 * The requests without a reply, in the order in which they were sent, which is the order of the replies: the
 * worker is processing the first one. Calls `onTurn` of a request when the worker begins with it.
 */
export class PendingRequests {
  readonly #parts: OpenRequestsParts
  readonly #runChannel: RunChannel
  readonly #open = new Map<number, PendingRequest>()
  #nextId = 1
  #isOver = false

  constructor(process: WorkerProcess, parts: OpenRequestsParts) {
    this.#parts = parts
    this.#runChannel = new RunChannel(process.runChannel, process.pid, {
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
   * Sends a request. Throws if its JSON exceeds the maximum length of a string.
   *
   * @param onTurn - is called when all earlier requests have replies and the worker begins with this one
   */
  send(request: WorkerRequest, onTurn?: () => void): Promise<RunReply | AskReply> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId
      this.#nextId += 1
      this.#runChannel.send(id, request)
      this.#open.set(id, { request, onTurn, resolve, reject })
      if (this.#open.size === 1) onTurn?.()
    })
  }

  /**
   * Marks the worker as ended: no more replies arrive. @returns the pending requests; the worker was
   * processing the first one
   */
  end(): readonly PendingRequest[] {
    this.#isOver = true
    const open = [...this.#open.values()]
    this.#open.clear()
    return open
  }

  /** Settles the request of a reply. Returns the problem if the reply is invalid. */
  #take(id: number, reply: RunChannelReply): string | undefined {
    // Ignore data that arrives after the process ended.
    if (this.#isOver) return undefined
    const [expected, open] = this.#open.entries().next().value ?? []
    if (!open) return 'an unexpected reply'
    if (id !== expected) return `a reply to ${id} instead of ${expected}`
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

  /**
   * Grows the output region of a run on the worker's request. Returns the problem if the request is invalid.
   */
  #makeRoom(id: number, open: PendingRequest, need: number): string | undefined {
    const { request, denied } = open
    const region = 'lane' in request ? this.#parts.lanes[request.lane]?.output : undefined
    if (!region || denied !== undefined) return 'an invalid request for memory'
    open.denied = null
    try {
      region.grow(need)
    } catch (error) {
      // The worker then drops the outputs and replies with an error.
      open.denied = error as Error
    }
    this.#runChannel.send(id, { outputBytes: region.size })
    return undefined
  }
}

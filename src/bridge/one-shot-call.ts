import { listenForAbort } from '../async/index.js'
import { findInterpreter } from '../environment/index.js'
import type { ErrorCode, PaddleError } from '../errors.js'
import { ControlChannel } from './control-channel.js'
import { withReport } from './crash-report.js'
import { callNeedsFullPaddle } from './launch-worker.js'
import type { OneShotCalls } from './protocol.js'
import { isOneShotReply } from './validate-reply.js'
import { deathError, toPaddleError } from './worker-errors.js'
import { WorkerProcess, type Death } from './worker-process.js'

/** How a one-off call is made, and how its failure is told. */
export interface OneShotOptions {
  /** The Python to run. @default `PADDLE_TS_PYTHON`, else the managed one */
  readonly python?: string | undefined
  /** Ends the process; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** The code of a failure that the worker itself has no code for. */
  readonly failure: ErrorCode
  /** The beginning of the message then: `Paddle could not convert model/inference.pdmodel`. */
  readonly title: string
}

/**
 * Starts a Python process, imports paddle in it (1 to 2 seconds), makes one call of `python/paddle_worker/tools.py`, and ends
 * it.
 *
 * @throws PaddleError as the call gives it, `failure` for an exception or a death, and those of `Control.hello`
 */
export async function callOnce<Name extends keyof OneShotCalls>(
  name: Name,
  request: OneShotCalls[Name]['request'],
  { python, signal, failure, title }: OneShotOptions,
): Promise<OneShotCalls[Name]['reply']> {
  signal?.throwIfAborted()
  const interpreter = await findInterpreter({ python })
  signal?.throwIfAborted()
  const process = new WorkerProcess(interpreter.path, [])
  const forget = listenForAbort(signal, () => void process.stop())
  try {
    const control = new ControlChannel(process, 'paddle_worker.tools')
    const hello = control.call('hello', { whole: callNeedsFullPaddle(name, request) })
    const versions = await control.hello(hello, interpreter, title)
    const reply = await control.call(name, request)
    const ended = (end: Death): PaddleError => {
      const facts = { ...versions, interpreter: interpreter.path, doing: name, end }
      return withReport(deathError(failure, name, title, end, { again: 'Try it again.' }), facts)
    }
    if ('ended' in reply) throw ended(reply.ended)
    if (!reply.ok) throw toPaddleError(reply.error, failure, title)
    if (isOneShotReply(name, request, reply.value)) return reply.value
    process.breakProtocol('no answer', JSON.stringify(reply.value))
    throw ended(await process.death)
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    forget()
    await process.stop()
  }
}

import { listenForAbort } from '../async/index.js'
import { findInterpreter } from '../environment/index.js'
import type { ErrorCode, PaddleError } from '../errors.js'
import { ControlChannel } from './control-channel.js'
import { withReport } from './crash-report.js'
import { callNeedsFullPaddle } from './launch-worker.js'
import type { OneShotCalls } from './protocol/one-shot.js'
import { isOneShotReply } from './validate-reply.js'
import { deathError, toPaddleError } from './worker-errors.js'
import { WorkerProcess, type Death } from './worker-process.js'

/** Options of a one-shot call. */
export interface OneShotOptions {
  /** The Python to run. @default `PADDLE_TS_PYTHON`, else the managed one */
  readonly python?: string | undefined
  /** Ends the process; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** The error code for failures without a code of their own. */
  readonly failure: ErrorCode
  /** The beginning of the message in that case: `Paddle could not convert model/inference.pdmodel`. */
  readonly title: string
}

/**
 * Starts a Python process, imports paddle (1 to 2 seconds), calls one function of
 * `python/paddle_worker/one_shot.py`, and ends the process.
 *
 * @throws PaddleError with the code of the worker, `failure` for an exception or the death of the process,
 * and those of `ControlChannel.hello`
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
  const stopListening = listenForAbort(signal, () => void process.stop())
  try {
    const control = new ControlChannel(process, 'paddle_worker.one_shot')
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
    process.breakProtocol('an invalid reply', JSON.stringify(reply.value))
    throw ended(await process.death)
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    stopListening()
    await process.stop()
  }
}

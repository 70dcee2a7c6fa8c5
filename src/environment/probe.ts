import { access, constants } from 'node:fs/promises'
import { z } from 'zod'
import { codeOf, PaddleError, throwIfAborted } from '../errors.js'
import { startScript } from '../python/index.js'
import { importError } from './failures.js'
import { making } from './home.js'
import type { Interpreter } from './interpreter.js'

const library = z.union([z.string(), z.literal(false)])

const factsForm = z.object({
  /** Its version: `3.11.7`. */
  python: z.string(),
  /** The executable behind it. */
  executable: z.string(),
  paddle: z.object({ version: z.string(), commit: z.string().nullable() }),
  numpy: z.string().nullable(),
  /** What the wheel was compiled with: a version, yes, or no. */
  compiled_with: z.object({
    cuda: library,
    cudnn: library,
    tensorrt: library,
    onednn: z.boolean(),
    rocm: z.boolean(),
    xpu: z.boolean(),
  }),
  /** Libraries that it was compiled for and that the dynamic loader does not find. */
  missing: z.array(z.string()),
})

/** What an interpreter and its paddle are. */
export type InterpreterFacts = Readonly<z.infer<typeof factsForm>>

const answerForm = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), facts: factsForm }),
  z.object({ ok: z.literal(false), error: z.object({ type: z.string(), message: z.string() }) }),
])

/**
 * Imports paddle in an interpreter, which takes 1 to 2 seconds (from a cold disk up to 10).
 *
 * @throws PaddleError `PYTHON_NOT_FOUND`, `PADDLE_NOT_INSTALLED`, `PADDLE_IMPORT_FAILED` or `PADDLE_CPU_UNSUPPORTED`.
 */
export async function probeInterpreter(
  path: string,
  { signal, source = 'managed' }: { signal?: AbortSignal; source?: Interpreter['source'] } = {},
): Promise<InterpreterFacts> {
  try {
    await access(path, constants.X_OK)
  } catch (cause) {
    throw new PaddleError('PYTHON_NOT_FOUND', `${path} does not run: ${codeOf(cause) ?? 'unknown'}.`, {
      cause,
      advice: 'Name one that has paddle, or none for the managed one (paddle-ts setup makes it).',
    })
  }
  await using probe = startScript(path, 'probe_environment.py', { args: ['3'], signal })
  const answer = await probe.next(answerForm)
  throwIfAborted(signal, making)
  if ('ended' in answer) throw importError(path, answer.ended, source)
  if (!answer.ok) throw importError(path, answer.error, source)
  return answer.facts
}

import { access, constants } from 'node:fs/promises'
import { z } from 'zod'
import { codeOf, PaddleError, throwIfAborted } from '../errors.js'
import { startScript, startTethered } from '../python/index.js'
import { importError } from './environment-errors.js'
import type { Interpreter } from './executables.js'
import { making } from './home.js'

const library = z.union([z.string(), z.literal(false)])

const factsForm = z.object({
  /** Its version: `3.11.7`. */
  python: z.string(),
  /** The real executable. */
  executable: z.string(),
  paddle: z.object({ version: z.string(), commit: z.string().nullable() }),
  numpy: z.string().nullable(),
  /** The libraries the wheel was compiled with: a version, true or false. */
  compiled_with: z.object({
    cuda: library,
    cudnn: library,
    tensorrt: library,
    onednn: z.boolean(),
    rocm: z.boolean(),
    xpu: z.boolean(),
  }),
  /** Libraries it was compiled for but does not find. */
  missing: z.array(z.string()),
})

/** Facts about an interpreter and its paddle. */
export type InterpreterFacts = Readonly<z.infer<typeof factsForm>>

const answerForm = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), facts: factsForm }),
  z.object({ ok: z.literal(false), error: z.object({ type: z.string(), message: z.string() }) }),
])

/**
 * Imports paddle in an interpreter, which takes 1 to 2 seconds (up to 10 from a cold disk).
 *
 * @throws PaddleError `PYTHON_NOT_FOUND`, `PADDLE_NOT_INSTALLED`, `PADDLE_IMPORT_FAILED` or
 * `PADDLE_CPU_UNSUPPORTED`.
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
      advice: 'Specify a Python with paddle, or none to use the managed one (paddle-ts setup installs it).',
    })
  }
  await using probe = startScript(path, 'probe_environment.py', { args: ['3'], signal })
  const answer = await probe.next(answerForm)
  throwIfAborted(signal, making)
  if ('ended' in answer) throw importError(path, answer.ended, source)
  if (!answer.ok) throw importError(path, answer.error, source)
  return answer.facts
}

const form = z.object({
  /** The real executable: a shim of pyenv starts another one. */
  executable: z.string(),
  /** Its version: `[3, 11, 7]`. */
  version: z.tuple([z.number(), z.number(), z.number()]),
  implementation: z.string(),
  bits: z.number(),
  /** The C library on Linux, such as `glibc 2.36`; null if it is another one. */
  glibc: z.string().nullable(),
  /** Whether it can create a venv and install pip in it: its own pip, or ensurepip’s. */
  venv: z.boolean(),
})

/** Facts that an interpreter reports about itself. */
export interface PythonFacts extends Readonly<z.infer<typeof form>> {
  /** The path it was started by. */
  readonly path: string
}

/** Runs in every version of Python, so that an old one can report that it is old. */
const code = `
import json, os, platform, struct, sys
glibc = None
try:
    glibc = os.confstr('CS_GNU_LIBC_VERSION')
except Exception:
    pass
venv = False
try:
    import importlib.util, venv as _venv
    pip = importlib.util.find_spec('pip')
    runner = pip and os.path.join(os.path.dirname(pip.origin), '__pip-runner__.py')
    venv = bool(importlib.util.find_spec('ensurepip') or runner and os.path.exists(runner))
except Exception:
    pass
facts = json.dumps({'executable': os.path.realpath(sys.executable), 'version': list(sys.version_info[:3]),
  'implementation': platform.python_implementation(), 'bits': struct.calcsize('P') * 8, 'glibc': glibc, 'venv': venv})
os.write(3, facts.encode() + b'\\n')
`

/**
 * Runs the interpreter and returns its facts; undefined if it does not run or returns anything else, like a
 * shim of pyenv without a version.
 */
export async function pythonFacts(path: string, signal?: AbortSignal): Promise<PythonFacts | undefined> {
  await using python = startTethered(path, code, { signal, timeoutMs: 20_000 })
  const facts = await python.next(form)
  return 'ended' in facts ? undefined : { path, ...facts }
}

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

const form = z.object({
  /** The file behind it: a shim of pyenv starts another. */
  executable: z.string(),
  /** Its version: `[3, 11, 7]`. */
  version: z.tuple([z.number(), z.number(), z.number()]),
  implementation: z.string(),
  bits: z.number(),
  /** The C library on Linux: `glibc 2.36`, or none where it is another. */
  glibc: z.string().nullable(),
  /** Whether it can make a venv and has a pip to fill it with: its own, or ensurepip’s. */
  venv: z.boolean(),
})

/** What an interpreter says of itself. */
export interface PythonFacts extends Readonly<z.infer<typeof form>> {
  /** The path that it was started by. */
  readonly path: string
}

/** Understood by every Python, so that an old one can tell that it is old. */
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

/** Runs the interpreter and asks it; none if it does not run or answers nonsense, as a shim of pyenv without a version. */
export async function pythonFacts(path: string, signal?: AbortSignal): Promise<PythonFacts | undefined> {
  await using python = startTethered(path, code, { signal, timeoutMs: 20_000 })
  const facts = await python.next(form)
  return 'ended' in facts ? undefined : { path, ...facts }
}

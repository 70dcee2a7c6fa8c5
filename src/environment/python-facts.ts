import { z } from 'zod'
import { startTethered } from '../python/index.js'

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

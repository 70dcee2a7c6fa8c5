import type { Interpreter } from '../environment/index.js'
import { interruption } from './terminal/interruption.js'
import { showProgress } from './terminal/progress.js'

/**
 * The Python of a command: the one named by `--python` or `PADDLE_TS_PYTHON`, else the managed one. Installs
 * the managed one on first use, with progress on standard error. Pass the library `--python` itself, not the
 * path that is returned: errors and their advice depend on where the interpreter comes from.
 */
export async function ensureInterpreter({
  python,
}: { python?: string | undefined } = {}): Promise<Interpreter> {
  const { ensureManaged, findNamedInterpreter } = await import('../environment/index.js')
  const named = await findNamedInterpreter(python)
  return named ?? showProgress((onProgress) => ensureManaged({ onProgress, signal: interruption }))
}

import type { EnvironmentManifest, Interpreter } from '../environment/index.js'
import type { ProgressListener } from '../progress.js'
import { interruption } from './terminal/interruption.js'
import { logNote } from './terminal/print.js'
import { showProgress } from './terminal/progress.js'

/**
 * The Python of a command: the one named by `--python` or `PADDLE_TS_PYTHON`, else the managed one. Installs
 * the managed one on first use, with progress on standard error. Pass the library `--python` itself, not the
 * path that is returned: errors and their advice depend on where the interpreter comes from.
 */
export async function ensureInterpreter({
  python,
}: { python?: string | undefined } = {}): Promise<Interpreter> {
  const { ensureManaged, findNamedInterpreter, homeOf, readManifest } =
    await import('../environment/index.js')
  const named = await findNamedInterpreter(python)
  if (named) return named
  const { folder, pointer } = homeOf()
  const seen = await readManifest(pointer)
  return showProgress((show) => {
    let isTold = false
    const onProgress: ProgressListener = (progress) => {
      // The first step of an installation.
      if (!isTold) logNote(installationNote(folder, seen))
      isTold = true
      show(progress)
    }
    return ensureManaged({ onProgress, signal: interruption })
  })
}

/** The note before an installation that the user did not request. */
function installationNote(folder: string, seen: EnvironmentManifest | undefined): string {
  // The size of other wheels differs.
  const isUsual = !seen || (seen.wish.device === 'cpu' && seen.wish.wheel === null)
  const size = isUsual ? ': a download of about 280 MB, 1 GB on the disk' : ''
  return `${seen ? 'Renewing' : 'Creating'} the managed Python in ${folder}, once${size}.\n`
}

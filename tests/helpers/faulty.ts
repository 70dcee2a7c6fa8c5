import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { testPython } from './python.js'

/** A Python, created in `folder`, whose workers fail as a function of `faulty.py` defines. */
export async function faultyPython(folder: string, fault: string): Promise<string> {
  const python = join(folder, `python-${fault}`)
  const start = fileURLToPath(new URL('start_faulty.py', import.meta.url))
  await writeFile(
    python,
    `#!/bin/sh\nFAULT=${fault} exec '${await testPython()}' -E -s -W ignore '${start}' "$@"\n`,
  )
  await chmod(python, 0o755)
  return python
}

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { testPython } from './python.js'
import { wheelVersion } from './wheel.js'

const kept = fileURLToPath(new URL('../../.cache/made', import.meta.url))

/**
 * A folder that `make` fills, to be copied: slow work is done once for the tests of all files. It is repeated
 * for another wheel, and when one of its `sources` changes.
 */
export async function madeOnce(
  sources: readonly string[],
  make: (folder: string) => Promise<unknown>,
): Promise<string> {
  const from = JSON.stringify([await testPython(), await wheelVersion(), ...sources])
  const made = join(kept, createHash('sha256').update(from).digest('hex'))
  if (existsSync(made)) return made
  await mkdir(kept, { recursive: true })
  const draft = await mkdtemp(join(kept, 'draft-'))
  await make(draft)
  // Another test file may have created it in the meantime.
  await rename(draft, made).catch(() => rm(draft, { recursive: true }))
  return made
}

import { createHash } from 'node:crypto'
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf, messageOf, PaddleError } from './errors.js'

/** `readFileSync` cannot read more than 2 GiB, and would hold all of it in memory. */
const mostAtOnce = 64 * 2 ** 20

/** A file to copy. */
export interface ArchivedFile {
  /** Its path below the file or folder that was asked for; empty for the file itself. */
  readonly name: string
  readonly bytes: number
  /** Its contents, in parts that are valid until the next one. */
  readonly parts: () => Iterable<Uint8Array>
}

/**
 * All files of a folder in the order of their names, or the file itself.
 *
 * @throws PaddleError PACKAGE_FILES_MISSING
 */
export function archivedFiles(path: string, name = ''): readonly ArchivedFile[] {
  const file = join(path, name)
  const stats = reading(file, () => statSync(file))
  if (!stats.isDirectory()) return [{ name, bytes: stats.size, parts: () => partsOf(file, stats.size) }]
  const names = reading(file, () => readdirSync(file)).filter((entry) => entry !== '__pycache__')
  return names.sort().flatMap((entry) => archivedFiles(path, join(name, entry)))
}

/** @throws PaddleError PACKAGE_FILES_MISSING if it does not have as many bytes */
function* partsOf(file: string, bytes: number): Generator<Uint8Array> {
  if (bytes <= mostAtOnce) {
    // Not opened: Electron extracts an opened file into a temporary one.
    const all = reading(file, () => readFileSync(file))
    if (all.length !== bytes) throw cutShort(file, all.length, bytes)
    yield all
    return
  }
  const descriptor = reading(file, () => openSync(file, 'r'))
  try {
    const room = Buffer.allocUnsafe(mostAtOnce)
    for (let done = 0; done < bytes;) {
      const from = done
      const count = reading(file, () =>
        readSync(descriptor, room, 0, Math.min(room.length, bytes - from), from),
      )
      if (count === 0) throw cutShort(file, done, bytes)
      yield room.subarray(0, count)
      done += count
    }
  } finally {
    closeSync(descriptor)
  }
}

/** Does what reads the archive. @throws PaddleError PACKAGE_FILES_MISSING */
function reading<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw notRead(path, codeOf(error) ?? messageOf(error), error)
  }
}

/** A hash of the names and contents. @throws PaddleError PACKAGE_FILES_MISSING */
export function hashOf(title: string, files: readonly ArchivedFile[]): string {
  const hash = createHash('sha256').update(`${title}\0`)
  for (const { name, bytes, parts } of files) {
    hash.update(`${name}\0${bytes}\0`)
    for (const part of parts()) hash.update(part)
  }
  return hash.digest('hex')
}

function cutShort(file: string, found: number, bytes: number): PaddleError {
  return notRead(file, `${found} of its ${bytes} bytes can be read`)
}

function notRead(path: string, why: string, cause?: unknown): PaddleError {
  return new PaddleError('PACKAGE_FILES_MISSING', `${path} cannot be read in its archive: ${why}.`, {
    cause,
    advice: 'Pack the application again, or unpack the file with it (`asarUnpack`): see docs/bundlers.md.',
  })
}

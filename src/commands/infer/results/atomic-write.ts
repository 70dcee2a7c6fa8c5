import { randomBytes } from 'node:crypto'
import { close, constants, openSync, rmSync, writeFile } from 'node:fs'
import { open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { codeOf } from '../../../errors.js'
import { lockFile } from './lock-file.js'

/** Distinguishes processes with the same pid, as in containers. */
const mine = randomBytes(4).toString('hex')
const partName = /^\.paddle-ts-(\d+)-([\w-]+)\.part$/

/** Files that are being written. */
const parts = new Set<string>()
let count = 0

/**
 * Writes a file beside the target and renames it, so that the target is complete or absent. Without a target,
 * the file is removed again.
 */
export async function writeAtomically(folder: string, bytes: Uint8Array, target?: string): Promise<void> {
  if (count === 0) process.once('exit', removeParts)
  count += 1
  const part = join(folder, `.paddle-ts-${process.pid}-${mine}-${count}.part`)
  // Synchronous: a thread could create the file after the process has cleaned up.
  const file = openSync(part, 'wx')
  parts.add(part)
  try {
    try {
      lockFile(file)
      await promisify(writeFile)(file, bytes)
      // Before closing, which releases the lock.
      if (target !== undefined) await rename(part, target)
    } finally {
      await promisify(close)(file)
    }
    if (target === undefined) await rm(part)
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined)
    throw error
  } finally {
    parts.delete(part)
  }
}

/** Removes partial files when the process ends during a write, after a second Ctrl-C. */
function removeParts(): void {
  for (const part of parts) {
    try {
      rmSync(part, { force: true })
    } catch {
      // The next run removes it.
    }
  }
}

/** Removes partial files of killed processes from a folder; ignores those that cannot be removed. */
export async function removeStaleParts(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const [, pid, rest = ''] = partName.exec(entry.name) ?? []
    if (pid === undefined || !entry.isFile() || rest.startsWith(mine)) continue
    const part = join(folder, entry.name)
    if (!isAlive(Number(pid)) && (await isUnlocked(part)))
      await rm(part, { force: true }).catch(() => undefined)
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** Whether no process is writing the file; it may run on another machine or in another container. */
async function isUnlocked(part: string): Promise<boolean> {
  const file = await open(part, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  )
  if (!file) return false
  try {
    return lockFile(file.fd)
  } finally {
    await file.close()
  }
}

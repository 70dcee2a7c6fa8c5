import { createHash, randomUUID } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { codeOf, messageOf, PaddleError } from './errors.js'
import { homeFolder } from './home-folder.js'

/**
 * The path of an archive whose files `fs` reads as if it were a folder: that of an Electron application, or of a
 * package in the cache of Yarn Plug'n'Play.
 */
const inArchive = /^(.*?\.(?:asar|zip(?=[\\/]node_modules[\\/])))([\\/].*)$/s

/** Copies that no process has used for this long are removed. */
const unusedMs = 30 * 24 * 60 * 60 * 1000
/** No copy takes this long: its process was killed. */
const unfinishedMs = 60 * 60 * 1000
const draftPrefix = 'draft-'

/** Not writable by others: Python and the dynamic linker run what is in these files. */
const folderMode = 0o755
const fileMode = 0o644
const writableByOthers = 0o022

/** The copies that this process uses, with their files, by the path in the archive. */
const copies = new Map<string, { readonly copy: string; readonly files: readonly ArchivedFile[] }>()

/**
 * The path at which other processes and the dynamic linker can read a file or folder. This is the same path,
 * unless it is in an archive. Then it is beside that of an Electron application (in `app.asar.unpacked`) if it is
 * there, or a copy in the home folder, which is named by its content.
 *
 * @throws PaddleError ENVIRONMENT_UNWRITABLE, ENVIRONMENT_NO_SPACE
 */
export function outsideArchive(path: string): string {
  const [, archive, rest] = inArchive.exec(path) ?? []
  if (archive === undefined || rest === undefined) return path
  const known = copies.get(path)
  if (known && isWhole(known.copy, known.files) && isTouched(dirname(known.copy))) return known.copy
  const files = filesOf(path)
  const beside = `${archive}.unpacked${rest}`
  if (files.every(({ name }) => existsSync(join(beside, name)))) return beside
  const copy = join(keep(basename(path), files), basename(path))
  copies.set(path, { copy, files })
  return copy
}

/** Does the same for the files of a model. @throws PaddleError as `outsideArchive` */
export function modelOutsideArchive<
  Files extends { readonly program: string; readonly params: string | null },
>(files: Files): Files {
  const { program, params } = files
  return { ...files, program: outsideArchive(program), params: params && outsideArchive(params) }
}

/** A file to copy. */
interface ArchivedFile {
  /** Its path below the file or folder that was asked for; empty for the file itself. */
  readonly name: string
  readonly bytes: number
  readonly read: () => Uint8Array
}

/** All files of a folder in the order of their names, or the file itself. */
function filesOf(path: string, name = ''): readonly ArchivedFile[] {
  const file = join(path, name)
  const stats = statSync(file)
  if (!stats.isDirectory()) return [{ name, bytes: stats.size, read: () => readFileSync(file) }]
  const names = readdirSync(file).filter((entry) => entry !== '__pycache__')
  return names.sort().flatMap((entry) => filesOf(path, join(name, entry)))
}

/** Returns the folder with a copy of the files, and creates it unless a process has done so before. */
function keep(title: string, files: readonly ArchivedFile[]): string {
  const all = join(homeFolder(), 'unpacked')
  const kept = join(all, hashOf(title, files))
  if (isWhole(join(kept, title), files) && isTouched(kept)) return kept
  const draft = join(all, `${draftPrefix}${randomUUID()}`)
  try {
    mkdirSync(all, { recursive: true, mode: folderMode })
    if (!isOurs(lstatSync(all))) throw new Error('other users can write to it')
    removeUnused(all)
    write(join(draft, title), files)
    publish(draft, kept, () => isWhole(join(kept, title), files))
    return kept
  } catch (error) {
    throw notCopied(all, error)
  } finally {
    discard(draft)
  }
}

/** Removes a folder if it can be; otherwise a later process does. */
function discard(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // Another process has removed it, or it belongs to somebody else.
  }
}

function hashOf(title: string, files: readonly ArchivedFile[]): string {
  const hash = createHash('sha256').update(`${title}\0`)
  for (const { name, bytes, read } of files) hash.update(`${name}\0${bytes}\0`).update(read())
  return hash.digest('hex')
}

/** Whether the copy has all files, and nobody else can have written them. */
function isWhole(path: string, files: readonly ArchivedFile[]): boolean {
  try {
    const isSafe = ({ name, bytes }: ArchivedFile): boolean => {
      const file = join(path, name)
      const stats = lstatSync(file)
      return stats.isFile() && stats.size === bytes && isOurs(stats) && isOurs(lstatSync(dirname(file)))
    }
    const folder = dirname(path)
    return isOurs(lstatSync(dirname(folder))) && isOurs(lstatSync(folder)) && files.every(isSafe)
  } catch {
    return false
  }
}

function isOurs({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean {
  return (uid === process.geteuid?.() || uid === 0) && (mode & writableByOthers) === 0
}

function write(path: string, files: readonly ArchivedFile[]): void {
  for (const { name, read } of files) {
    const file = join(path, name)
    mkdirSync(dirname(file), { recursive: true, mode: folderMode })
    // Without `flush`, the file might be empty after a power failure although its folder was renamed.
    writeFileSync(file, read(), { mode: fileMode, flag: 'wx', flush: true })
  }
}

/** Gives the complete draft its name, unless another process was faster; replaces a damaged copy. */
function publish(draft: string, kept: string, isPublished: () => boolean): void {
  try {
    renameSync(draft, kept)
  } catch (error) {
    if (isPublished()) return
    if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw error
    const damaged = join(dirname(kept), `${draftPrefix}${randomUUID()}`)
    renameSync(kept, damaged)
    renameSync(draft, kept)
    discard(damaged)
  }
}

/** Records that the copy is in use; false if it no longer exists. */
function isTouched(folder: string): boolean {
  const now = new Date()
  try {
    utimesSync(folder, now, now)
    return true
  } catch (error) {
    // In a folder that cannot be written, nothing is removed either.
    return codeOf(error) !== 'ENOENT'
  }
}

/** Removes copies of earlier versions and of processes that were killed. */
function removeUnused(all: string): void {
  for (const name of readdirSync(all)) {
    const path = join(all, name)
    const used = lstatSync(path, { throwIfNoEntry: false })
    const limit = name.startsWith(draftPrefix) ? unfinishedMs : unusedMs
    if (used && Date.now() - used.mtimeMs > limit) discard(path)
  }
}

function notCopied(folder: string, cause: unknown): PaddleError {
  const code = codeOf(cause)
  const isFull = code === 'ENOSPC' || code === 'EDQUOT'
  return new PaddleError(
    isFull ? 'ENVIRONMENT_NO_SPACE' : 'ENVIRONMENT_UNWRITABLE',
    `Files of the application’s archive cannot be copied to ${folder}: ${code ?? messageOf(cause)}.`,
    {
      cause,
      advice:
        'Name another folder with PADDLE_TS_HOME, or unpack them with the application (`asarUnpack`): see docs/bundlers.md.',
    },
  )
}

import { randomUUID } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { startTimer } from './async/index.js'
import { archivedFiles, hashOf, type ArchivedFile } from './archived-files.js'
import { codeOf, messageOf, PaddleError } from './errors.js'
import { homeFolder } from './home-folder.js'

/**
 * The path of an archive whose files `fs` reads as if it were a folder: that of an Electron application, or of a
 * package in the cache of Yarn Plug'n'Play.
 */
const inArchive = /^(.*?\.(?:asar|zip(?=[\\/]node_modules[\\/])))([\\/].*)$/s

const dayMs = 24 * 60 * 60 * 1000
/** Copies that no process has used for this long are removed. A process uses its copies as long as it runs. */
const unusedMs = 30 * dayMs
/** No copy takes this long: its process was killed. */
const unfinishedMs = 60 * 60 * 1000
const draftPrefix = 'draft-'

/** Not writable by others: Python and the dynamic linker run what is in these files. */
const folderMode = 0o755
const fileMode = 0o644
const writableByOthers = 0o022

/** The copies that this process uses, with their files, by the path in the archive. */
const copies = new Map<string, { readonly copy: string; readonly files: readonly ArchivedFile[] }>()
let isTouching = false

/**
 * The path at which other processes and the dynamic linker can read a file or folder. This is the same path,
 * unless it is in an archive. Then it is beside that of an Electron application (in `app.asar.unpacked`) if it is
 * there, or a copy in the home folder, which is named by its content.
 *
 * @throws PaddleError ENVIRONMENT_UNWRITABLE, ENVIRONMENT_NO_SPACE, PACKAGE_FILES_MISSING
 */
export function outsideArchive(path: string): string {
  const [, archive, rest] = inArchive.exec(path) ?? []
  if (archive === undefined || rest === undefined) return path
  const known = copies.get(path)
  if (known && isWhole(known.copy, known.files) && isTouched(dirname(known.copy))) return known.copy
  const files = archivedFiles(path)
  const beside = `${archive}.unpacked${rest}`
  if (files.every(({ name }) => existsSync(join(beside, name)))) return beside
  const copy = join(keep(basename(path), files), basename(path))
  copies.set(path, { copy, files })
  if (!isTouching) touchDaily()
  isTouching = true
  return copy
}

/** Keeps the copies of a service that runs for longer than they are kept unused. */
function touchDaily(): void {
  startTimer(dayMs, () => {
    for (const { copy } of copies.values()) isTouched(dirname(copy))
    touchDaily()
  }).unref()
}

/** Does the same for the files of a model. @throws PaddleError as `outsideArchive` */
export function modelOutsideArchive<
  Files extends { readonly program: string; readonly params: string | null },
>(files: Files): Files {
  const { program, params } = files
  return { ...files, program: outsideArchive(program), params: params && outsideArchive(params) }
}

/** Returns the folder with a copy of the files, and creates it unless a process has done so before. */
function keep(title: string, files: readonly ArchivedFile[]): string {
  const all = join(homeFolder(), 'unpacked')
  const name = hashOf(title, files)
  const wholeCopy = (): string | undefined =>
    copiesCalled(name, all).find((folder) => isWhole(join(folder, title), files) && isTouched(folder))
  const kept = wholeCopy()
  if (kept !== undefined) return kept
  const draft = join(all, `${draftPrefix}${randomUUID()}`)
  try {
    mkdirSync(all, { recursive: true, mode: folderMode })
    if (!isOurs(lstatSync(all))) throw new Error('other users can write to it')
    removeUnused(all)
    write(join(draft, title), files)
    return publish(draft, join(all, name), wholeCopy)
  } catch (error) {
    throw error instanceof PaddleError ? error : notCopied(all, error)
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
  for (const { name, parts } of files) {
    const file = join(path, name)
    mkdirSync(dirname(file), { recursive: true, mode: folderMode })
    const descriptor = openSync(file, 'wx', fileMode)
    try {
      for (const part of parts()) writeFileSync(descriptor, part)
      // Otherwise the file might be empty after a power failure although its folder was renamed.
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  }
}

/** The folders that have a name, with a suffix if a copy of that name was damaged. */
function copiesCalled(name: string, all: string): string[] {
  try {
    const found = readdirSync(all).filter((folder) => folder.startsWith(name))
    return found.sort().map((folder) => join(all, folder))
  } catch {
    return []
  }
}

/**
 * Gives the complete draft its name, unless another process was faster, and returns the copy. A damaged copy
 * stays in its place until it is unused: at any time, another process may take a repaired one from there.
 */
function publish(draft: string, kept: string, wholeCopy: () => string | undefined): string {
  try {
    renameSync(draft, kept)
    return kept
  } catch (error) {
    const published = wholeCopy()
    if (published !== undefined) return published
    if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw error
    const beside = `${kept}-${randomUUID()}`
    renameSync(draft, beside)
    return beside
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

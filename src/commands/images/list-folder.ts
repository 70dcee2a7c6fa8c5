import { readdir, realpath } from 'node:fs/promises'
import { codeOf, PaddleError } from '../../errors.js'
import { isFolder } from '../is-folder.js'
import { inNaturalOrder, readName, type EntryName } from './image-names.js'
import { noneSkipped, type Skipped } from './skipped-files.js'

/** The images that a folder or a pattern stands for. */
export interface FoundImages {
  /** Their paths, and those of folders that cannot be read; in natural order. */
  readonly images: readonly string[]
  readonly skipped: Readonly<Skipped>
}

/** The entries of a folder, by kind. */
interface Entries {
  readonly files: readonly EntryName[]
  readonly folders: readonly EntryName[]
  /** Links to folders. */
  readonly links: readonly EntryName[]
}

/**
 * Lists the images in a folder; with `recursive` also those in its subfolders, without hidden ones. Links to
 * folders are followed. Each folder is read once, so that links in a circle do not repeat it.
 *
 * @param failed - receives the error of each path that cannot be read
 */
export async function listFolder(
  folder: string,
  { recursive, failed }: { readonly recursive: boolean; readonly failed: Map<string, PaddleError> },
): Promise<FoundImages> {
  const images: string[] = []
  const skipped = noneSkipped()
  /** The real paths of the folders that were read. */
  const seen = new Set<string>()
  const links: string[] = []

  const fail = (path: string, error: PaddleError): void => {
    failed.set(path, error)
    images.push(path)
  }
  const read = async (path: string, real: string): Promise<void> => {
    if (seen.has(real)) {
      skipped.repeatedFolders += 1
      return
    }
    seen.add(real)
    const entries = await readEntries(path).catch((cause: unknown) => {
      fail(path, unreadableFolder(path, cause))
    })
    if (!entries) return
    for (const name of entries.files) {
      const file = pathIn(path, name.text)
      if (name.isHidden) skipped.hiddenFiles += 1
      else if (!name.isImage) skipped.otherFiles += 1
      else if (name.isText) images.push(file)
      else fail(file, notText(file))
    }
    const [hidden, folders] = divided(entries.folders)
    const [hiddenLinks, shownLinks] = divided(entries.links)
    skipped.hiddenFolders += hidden.length + hiddenLinks.length
    if (!recursive) {
      skipped.subfolders += folders.length + shownLinks.length
      return
    }
    // Not push(...links): a call cannot take a million arguments.
    for (const { text } of shownLinks) links.push(pathIn(path, text))
    await Promise.all(
      folders.map(async ({ text, isText }) => {
        const subfolder = pathIn(path, text)
        if (isText) await read(subfolder, pathIn(real, text))
        else fail(subfolder, notText(subfolder))
      }),
    )
  }
  await read(folder, await realpath(folder).catch(() => folder))
  // After the folders themselves, so that their images have the paths without links; in an order that does
  // not depend on which folder was read first.
  while (links.length > 0) {
    for (const link of inNaturalOrder(links.splice(0))) {
      const real = await realpath(link).catch(() => link)
      await read(link, real)
    }
  }
  return { images: inNaturalOrder(images), skipped }
}

/** How many folders {@link hasImagesBelow} reads. */
const mostFolders = 1000

/** Whether a subfolder contains an image, for advice. Gives up in a large tree. */
export async function hasImagesBelow(folder: string): Promise<boolean> {
  const left = [folder]
  for (let count = 0; count < mostFolders; count += 1) {
    const path = left.shift()
    if (path === undefined) return false
    const { files, folders } = await readEntries(path).catch(() => ({ files: [], folders: [] }))
    if (path !== folder && files.some(({ isImage, isHidden }) => isImage && !isHidden)) return true
    for (const { text, isHidden } of folders) if (!isHidden) left.push(pathIn(path, text))
  }
  return false
}

async function readEntries(folder: string): Promise<Entries> {
  const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' })
  const files: EntryName[] = []
  const folders: EntryName[] = []
  const links: EntryName[] = []
  await Promise.all(
    entries.map(async (entry) => {
      const name = readName(entry.name)
      if (entry.isDirectory()) folders.push(name)
      else if (entry.isSymbolicLink() && (await isFolder(pathIn(folder, name.text)))) links.push(name)
      else files.push(name)
    }),
  )
  return { files, folders, links }
}

/** The hidden names and the others. */
function divided(names: readonly EntryName[]): readonly [EntryName[], EntryName[]] {
  return [names.filter(({ isHidden }) => isHidden), names.filter(({ isHidden }) => !isHidden)]
}

function pathIn(folder: string, name: string): string {
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`
}

function unreadableFolder(folder: string, cause: unknown): PaddleError {
  return new PaddleError(
    'IMAGE_UNREADABLE',
    `${folder} cannot be read (${codeOf(cause) ?? 'unknown error'}).`,
    { cause, advice: 'Check its permissions.' },
  )
}

function notText(path: string): PaddleError {
  return new PaddleError('IMAGE_UNREADABLE', `${path} cannot be read: its name is not UTF-8.`, {
    advice: 'Rename it.',
  })
}

import { counted } from '../../wording.js'
import { logNote } from '../terminal/print.js'

/** What folders and patterns contain besides the images that they stand for, by kind. */
export interface Skipped {
  /** Files without the name of an image. */
  otherFiles: number
  hiddenFiles: number
  hiddenFolders: number
  /** Subfolders that were not entered. */
  subfolders: number
  /** Links to folders that were read already. */
  repeatedFolders: number
  /** Folders that a pattern would search, but that cannot be read. */
  unreadableFolders: number
}

/** Nothing skipped yet. */
export function noneSkipped(): Skipped {
  return {
    ...{ otherFiles: 0, hiddenFiles: 0, hiddenFolders: 0 },
    ...{ subfolders: 0, repeatedFolders: 0, unreadableFolders: 0 },
  }
}

/** Adds the counts to a sum. */
export function addSkipped(sum: Skipped, more: Readonly<Skipped>): void {
  for (const kind of Object.keys(more) as (keyof Skipped)[]) sum[kind] += more[kind]
}

/** The kinds with their counts: `2 files that are not images and 1 subfolder`; `''` if nothing was skipped. */
export function describeSkipped(skipped: Readonly<Skipped>): string {
  const texts: Readonly<Record<keyof Skipped, readonly [string, string]>> = {
    otherFiles: ['file that is not an image', 'files that are not images'],
    hiddenFiles: ['hidden file', 'hidden files'],
    hiddenFolders: ['hidden folder', 'hidden folders'],
    subfolders: ['subfolder', 'subfolders'],
    repeatedFolders: ['link to a folder that was read already', 'links to folders that were read already'],
    unreadableFolders: ['folder that cannot be read', 'folders that cannot be read'],
  }
  const parts = (Object.keys(texts) as (keyof Skipped)[])
    .filter((kind) => skipped[kind] > 0)
    .map((kind) => counted(skipped[kind], ...texts[kind]))
  const last = parts.slice(-1)
  return [parts.slice(0, -1).join(', '), ...last].filter((part) => part !== '').join(' and ')
}

/** Writes one line on what was skipped to standard error; nothing if nothing was. */
export function logSkipped(skipped: Readonly<Skipped>): void {
  const kinds = describeSkipped(skipped)
  if (kinds === '') return
  const advice = skipped.subfolders > 0 ? ' (add --recursive for the images in subfolders)' : ''
  logNote(`Skipped ${kinds}${advice}.\n`)
}

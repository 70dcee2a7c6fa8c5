import { realpath, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** Whether an image lies in a folder, whatever leads there: links on the way, or the image being one. */
export async function isInFolder(image: string, folder: string): Promise<boolean> {
  const [place, named, linked] = await Promise.all([folder, dirname(image), image].map(placeOf))
  return named === place || (linked !== undefined && dirname(linked) === place)
}

/**
 * Whether an `--img-path` takes images out of a folder: it is the folder, or a file or a pattern in it. Of a pattern, only its last part is
 * looked at.
 */
export async function readsFromFolder(path: string, folder: string): Promise<boolean> {
  const [here, there] = await Promise.all([path, folder].map(placeOf))
  if (here === there) return true
  const kind = await stat(path).catch(() => undefined)
  return kind?.isDirectory() ? false : isInFolder(path, folder)
}

/** Where a path leads, as far as there is anything. */
function placeOf(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path))
}

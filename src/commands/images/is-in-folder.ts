import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { webUrlOf } from '../../web-url.js'

/** Whether an image is in a folder, resolving symbolic links of both paths and of the image itself. */
export async function isInFolder(image: string, folder: string): Promise<boolean> {
  if (webUrlOf(image)) return false
  const [place, named, linked] = await Promise.all([folder, dirname(image), image].map(placeOf))
  return named === place || (linked !== undefined && dirname(linked) === place)
}

/**
 * Whether an `--img-path` reads images from a folder: it is the folder, or a file or pattern in it. Patterns
 * in the path of the folder are not resolved.
 */
export async function readsFromFolder(path: string, folder: string): Promise<boolean> {
  const [here, there] = await Promise.all([path, folder].map(placeOf))
  if (here === there) return true
  const kind = await stat(path).catch(() => undefined)
  return kind?.isDirectory() ? false : isInFolder(path, folder)
}

/** Whether a folder, which need not exist, is below another one, resolving symbolic links of both. */
export async function isBelow(folder: string, above: string): Promise<boolean> {
  const [place, top] = await Promise.all([folder, above].map(placeOf))
  return place !== undefined && top !== undefined && place.startsWith(top === '/' ? top : `${top}/`)
}

/** The real path; of what does not exist yet, that of its nearest folder which does, and the rest. */
async function placeOf(path: string): Promise<string> {
  const full = resolve(path)
  try {
    return await realpath(full)
  } catch {
    const above = dirname(full)
    return above === full ? full : join(await placeOf(above), basename(full))
  }
}

import { stat } from 'node:fs/promises'

/** Whether there is a folder at the path, or a link to one. */
export async function isFolder(path: string): Promise<boolean> {
  const kind = await stat(path).catch(() => undefined)
  return kind?.isDirectory() ?? false
}

import { fileURLToPath } from 'node:url'

/** Whether a text is a `file:` URL with an absolute path, rather than a path. */
export function isFileUrl(text: string): boolean {
  return /^file:\//i.test(text)
}

/** Returns the path of a `file:` URL; undefined for another text, another host and an invalid path. */
export function filePath(url: string): string | undefined {
  if (!isFileUrl(url)) return undefined
  try {
    return fileURLToPath(url)
  } catch {
    return undefined
  }
}

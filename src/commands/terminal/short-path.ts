import { isAbsolute, relative } from 'node:path'

/** The path for a message: relative if it is below the working directory. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') || isAbsolute(short) ? path : short
}

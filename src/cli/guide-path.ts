import { isAbsolute, relative } from 'node:path'
import { packageFile } from '../package-files.js'

/** The path of a page of the installed package: relative if it is below the working directory. */
export function guidePath(page: string): string {
  const path = packageFile(page)
  const short = relative(process.cwd(), path)
  return short.startsWith('..') || isAbsolute(short) ? path : short
}

import { shortPath } from '../commands/terminal/short-path.js'
import { packageFile } from '../package-files.js'

/** The path of a page of the installed package: relative if it is below the working directory. */
export function guidePath(page: string): string {
  return shortPath(packageFile(page))
}

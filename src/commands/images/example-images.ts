import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { packageFile } from '../../package-files.js'
import { shellCommand } from '../terminal/shell-command.js'
import { shortPath } from '../terminal/short-path.js'

/** The images of the package, which its built-in model recognises. */
const examples = 'images/characters'

/**
 * The line of a message that shows a command without images how to run: one that can be pasted, on the images
 * of the package. `''` if the package was installed without them.
 */
export function tryExample(command: string): string {
  const folder = packageFile(examples)
  if (!existsSync(folder)) return ''
  const line = shellCommand(['paddle-ts', command, placeOfExamples(folder)])
  return `\nTry the images of the package: ${line}`
}

/** The path below the working directory, if it is there; also through a link of a package manager. */
function placeOfExamples(folder: string): string {
  const installed = join('node_modules/paddle-ts', examples)
  return isSame(installed, folder) ? installed : shortPath(folder)
}

function isSame(path: string, folder: string): boolean {
  try {
    return realpathSync(path) === realpathSync(folder)
  } catch {
    return false
  }
}

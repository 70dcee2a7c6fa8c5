import { existsSync, realpathSync } from 'node:fs'
import { join, relative } from 'node:path'
import { packageFile } from '../../package-files.js'
import { shellCommand } from '../terminal/shell-command.js'

/** The images of the package, which its built-in model recognises. */
const examples = 'images/characters'

/**
 * The line of a message that shows a command without images how to run: one that can be pasted, on the images
 * of the package. `''` if the package was installed without them.
 */
export function tryExample(command: string): string {
  const folder = packageFile(examples)
  if (!existsSync(folder)) return ''
  // npx does not add the program to the PATH of the shell.
  const program = process.env['npm_command'] === 'exec' ? ['npx', 'paddle-ts'] : ['paddle-ts']
  const line = shellCommand([...program, command, shortPath(folder)])
  return `\nTry the images of the package: ${line}`
}

/** The path below the working directory, if it is there; also through a link of a package manager. */
function shortPath(folder: string): string {
  const installed = join('node_modules/paddle-ts', examples)
  if (isSame(installed, folder)) return installed
  const below = relative(process.cwd(), folder)
  return below.startsWith('..') ? folder : below
}

function isSame(path: string, folder: string): boolean {
  try {
    return realpathSync(path) === realpathSync(folder)
  } catch {
    return false
  }
}

import { createRequire } from 'node:module'
import type koffi from 'koffi'
import { checkPackage, dependencyFailure } from './package-files.js'

let loaded: typeof koffi | undefined

/**
 * koffi, loaded when the first native function is called: `import 'paddle-ts'` works on systems without its
 * native module, and where a bundler has moved the code.
 *
 * @throws PaddleError PACKAGE_FILES_MISSING
 */
export function loadKoffi(): typeof koffi {
  if (loaded) return loaded
  checkPackage()
  // Next.js copies what is required in this form when it collects the files of a server.
  const require = createRequire(import.meta.url)
  try {
    return (loaded = require('koffi') as typeof koffi)
  } catch (error) {
    throw dependencyFailure('koffi', error)
  }
}

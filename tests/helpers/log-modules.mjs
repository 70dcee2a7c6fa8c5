// Preloaded with --import: writes the URL of each module that the program imports, and an empty line when it
// starts its first process, to the file of MODULE_LOG.
import { ChildProcess } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { register } from 'node:module'
import { isMainThread } from 'node:worker_threads'

/** @param {string} line */
const log = (line) => {
  appendFileSync(String(process.env.MODULE_LOG), `${line}\n`)
}

/** @type {import('node:module').LoadHook} */
export const load = (url, context, next) => {
  log(url)
  return next(url, context)
}

if (isMainThread) {
  // The hooks run in a thread of their own.
  register(import.meta.url)
  const { spawn } = ChildProcess.prototype
  /** @this {ChildProcess} */
  ChildProcess.prototype.spawn = function (...options) {
    ChildProcess.prototype.spawn = spawn
    log('')
    return spawn.apply(this, options)
  }
}

import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { say } from '../scripts/run.js'

/** A cache of files in a folder. */
export class Kept {
  #folder
  #made = new Map()

  constructor(folder) {
    this.#folder = folder
  }

  /** The path of the file or folder of this name, which `make` creates if it is missing. */
  file(name, make) {
    const path = join(this.#folder, name)
    return this.once(name, async () => {
      if (existsSync(path)) return path
      say(`Making ${path}`)
      // Under a temporary name until it is complete, so that an interrupted one is created again.
      const unfinished = join(this.#folder, `unfinished-${name}`)
      rmSync(unfinished, { recursive: true, force: true })
      mkdirSync(this.#folder, { recursive: true })
      await make(unfinished)
      renameSync(unfinished, path)
      return path
    })
  }

  /** The value of the first call of `make` in this process. */
  once(name, make) {
    if (!this.#made.has(name)) this.#made.set(name, Promise.resolve().then(make))
    return this.#made.get(name)
  }
}

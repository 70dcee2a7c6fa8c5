import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { say } from '../scripts/run.js'

/** What is made once, and lies in a folder from then on. */
export class Kept {
  #folder
  #made = new Map()

  constructor(folder) {
    this.#folder = folder
  }

  /** The path of what goes by this name, made where it is not there. */
  file(name, make) {
    const path = join(this.#folder, name)
    return this.once(name, async () => {
      if (existsSync(path)) return path
      say(`Making ${path}`)
      // Under another name until it is whole: what is interrupted is made anew.
      const unfinished = join(this.#folder, `unfinished-${name}`)
      rmSync(unfinished, { recursive: true, force: true })
      mkdirSync(this.#folder, { recursive: true })
      await make(unfinished)
      renameSync(unfinished, path)
      return path
    })
  }

  /** What `make` gives, the first time in this process. */
  once(name, make) {
    if (!this.#made.has(name)) this.#made.set(name, Promise.resolve().then(make))
    return this.#made.get(name)
  }
}

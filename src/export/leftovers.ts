import { rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** What an export makes on the way: its process removes that itself, unless it is killed. */
export interface Leftovers {
  /** Removes what is left of it, as far as it can be: never throws. A folder only goes while it is empty. */
  remove: () => Promise<void>
}

/** Looks at what is there before the export: the folders above `folder` that it will have made, and `folder` itself. */
export async function leftoversOf(folder: string, staging: string): Promise<Leftovers> {
  const missing: string[] = []
  for (let path = resolve(folder); !(await exists(path)); path = dirname(path)) missing.push(path)
  return {
    remove: async () => {
      await rm(join(folder, staging), { recursive: true, force: true }).catch(() => undefined)
      for (const made of missing) {
        const removed = await rmdir(made).then(
          () => true,
          () => false,
        )
        if (!removed) break
      }
    },
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The paths of `count` images, cycling through the folder. */
export function listImages(folder, count) {
  const names = readdirSync(folder).sort()
  return Array.from({ length: count }, (_, index) => join(folder, names[index % names.length]))
}

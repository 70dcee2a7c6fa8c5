/** Reads an archive like Electron's `fs`: files in it by their path, unpacked ones from beside it. */
import fs from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'

const notThere = (path) => Object.assign(new Error(`ENOENT: no such file, ${path}`), { code: 'ENOENT', path })

export function archiveFs(archive) {
  const asar = createRequire(`${process.cwd()}/`)('@electron/asar')
  const { readFileSync, statSync, lstatSync } = fs
  const real = statSync(archive)
  const { header } = asar.getRawHeader(archive)

  /** The entry of a path in the archive; throws if there is none. */
  const entryOf = (path) => {
    const names = path
      .slice(archive.length + 1)
      .split('/')
      .filter(Boolean)
    const entry = names.reduce((folder, name) => folder?.files?.[name], header)
    if (!entry) throw notThere(path)
    return entry
  }
  const stats = (path) => {
    const entry = entryOf(path)
    if (entry.unpacked && !entry.files) return lstatSync(`${archive}.unpacked${path.slice(archive.length)}`)
    const isFolder = entry.files !== undefined
    return Object.assign(Object.create(real), {
      size: entry.size ?? 0,
      isFile: () => !isFolder,
      isDirectory: () => isFolder,
      isSymbolicLink: () => false,
    })
  }
  return {
    statSync: (path, options) => {
      try {
        return stats(path)
      } catch (error) {
        if (options?.throwIfNoEntry === false) return undefined
        throw error
      }
    },
    existsSync: (path) => {
      try {
        return Boolean(entryOf(path))
      } catch {
        return false
      }
    },
    readFileSync: (path, options) => {
      const entry = entryOf(path)
      const bytes = entry.unpacked
        ? readFileSync(`${archive}.unpacked${path.slice(archive.length)}`)
        : asar.extractFile(archive, path.slice(archive.length + 1))
      const encoding = typeof options === 'string' ? options : options?.encoding
      return encoding ? bytes.toString(encoding) : bytes
    },
    readdirSync: (path, options) => {
      const names = Object.keys(entryOf(path).files)
      if (!options?.withFileTypes) return names
      return names.map((name) => Object.assign(Object.create(stats(join(path, name))), { name }))
    },
    realpathSync: (path) => {
      entryOf(path)
      return path
    },
    accessSync: (path) => void entryOf(path),
    /** Electron opens a copy of the file in the temporary folder. */
    copyOut: (path, folder) => {
      const copy = join(fs.mkdtempSync(join(folder, 'opened-')), basename(path))
      fs.writeFileSync(copy, asar.extractFile(archive, path.slice(archive.length + 1)))
      return copy
    },
  }
}

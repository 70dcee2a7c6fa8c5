/**
 * Simulates Electron for a program in an archive: node run.mjs ARCHIVE FOLDER PROGRAM
 *
 * As there, `fs`, `import` and `require` read from the archive, other processes and the dynamic linker cannot,
 * and no buffer may be over memory outside of the JavaScript engine. FOLDER is what was packed; modules are only
 * resolved by it. KILL_AFTER is the number of files after whose writing the process kills itself.
 */
import fs from 'node:fs'
import Module, { createRequire, isBuiltin, register, syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { archiveFs } from './archive-fs.mjs'

const [archive, unpacked, program] = process.argv.slice(2)
const temporary = process.env.TMPDIR
const inArchive = (path) => typeof path === 'string' && path.startsWith(`${archive}/`)
const move = (path, from, to) =>
  typeof path === 'string' && path.startsWith(`${from}/`) ? to + path.slice(from.length) : path

const { copyOut, ...reading } = archiveFs(archive)
for (const [name, read] of Object.entries({ ...reading, lstatSync: reading.statSync })) {
  const original = fs[name]
  fs[name] = (path, ...rest) => (inArchive(path) ? read(path, ...rest) : original(path, ...rest))
  const promised = name.replace(/Sync$/, '')
  const later = fs.promises[promised]
  if (!later) continue
  fs.promises[promised] = async (path, ...rest) =>
    inArchive(path) ? read(path, ...rest) : later(path, ...rest)
}
const { open } = fs.promises
fs.promises.open = async (path, ...rest) => open(inArchive(path) ? copyOut(path, temporary) : path, ...rest)

const { writeFileSync } = fs
let written = 0
fs.writeFileSync = (...args) => {
  writeFileSync(...args)
  written += 1
  if (written === Number(process.env.KILL_AFTER)) process.kill(process.pid, 'SIGKILL')
}
syncBuiltinESMExports()

register('./hooks.mjs', import.meta.url, { data: { archive, unpacked } })
const resolveFilename = Module._resolveFilename
Module._resolveFilename = (request, parent, isMain, options) => {
  if (isBuiltin(request) || !(inArchive(parent?.filename) || inArchive(request)))
    return resolveFilename(request, parent, isMain, options)
  const from = createRequire(move(parent?.filename, archive, unpacked))
  return move(from.resolve(move(request, archive, unpacked), options), unpacked, archive)
}
const { dlopen } = process
process.dlopen = (module, path, ...rest) =>
  dlopen(module, move(path, archive, `${archive}.unpacked`), ...rest)

const koffi = createRequire(join(archive, 'node_modules/paddle-ts/package.json'))('koffi')
koffi.view = () => {
  throw new Error('This runtime does not support external buffers')
}

await import(pathToFileURL(join(archive, program)).href)

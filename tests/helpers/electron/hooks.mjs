/** Loads modules from an archive, in place of Electron's module loader: see run.mjs. */
import { fileURLToPath, pathToFileURL } from 'node:url'
import { archiveFs } from './archive-fs.mjs'

let archive
let unpacked
let files

export function initialize(data) {
  archive = pathToFileURL(data.archive).href
  files = archiveFs(data.archive)
  unpacked = pathToFileURL(data.unpacked).href
}

const move = (url, from, to) => (url?.startsWith(`${from}/`) ? to + url.slice(from.length) : url)

/** Resolves a module like one of the folder that was packed, and returns its place in the archive. */
export async function resolve(specifier, context, next) {
  const parentURL = move(context.parentURL, archive, unpacked)
  const found = await next(move(specifier, archive, unpacked), { ...context, parentURL })
  return { ...found, url: move(found.url, unpacked, archive) }
}

export async function load(url, context, next) {
  if (!url.startsWith(`${archive}/`)) return next(url, context)
  const { format } = await next(move(url, archive, unpacked), context)
  const source = files.readFileSync(fileURLToPath(url), 'utf8')
  // Node would read the files that are exported again past the hooks, to find the names of their exports.
  return { format, source: source.replaceAll(/(?<== )require\(/g, '(0, require)('), shortCircuit: true }
}

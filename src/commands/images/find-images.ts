import { readdir, stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { createInterface } from 'node:readline'
import { codeOf, PaddleError } from '../../errors.js'

/** Names of images in a folder. Images that cannot be decoded are reported. */
const imageName = /\.(jpe?g|jpe|jfif|png|webp|gif|tiff?|avif|heic|heif|bmp)$/i

/** `img2` before `img10`; equal names by code points. */
const natural = new Intl.Collator('en', { numeric: true })

/**
 * Yields the paths of the images that the arguments stand for, in order: a file itself; the images in a
 * folder, in natural order, without subfolders; the files that match a pattern; for `-`, the lines of
 * standard input as they arrive.
 *
 * Starts to read the first argument immediately.
 *
 * @param nothing - receives the error of each yielded path that is not readable: a folder or a pattern
 * without images, an unreadable folder, or a name that is not UTF-8
 * @param onTotal - called with the number of images once it is known; never with standard input
 */
export function findImages(
  paths: readonly string[],
  nothing: Map<string, PaddleError>,
  onTotal: (total: number) => void = () => undefined,
): AsyncGenerator<string, void, undefined> {
  const [path = standardInput] = paths
  const first = path === standardInput ? Promise.resolve(undefined) : imagesAt(path, nothing)
  // The error is thrown where the promise is awaited.
  first.catch(() => undefined)
  return imagesOf(paths, first, { nothing, onTotal })
}

type Found = readonly string[] | undefined

async function* imagesOf(
  paths: readonly string[],
  first: Promise<Found>,
  { nothing, onTotal }: { nothing: Map<string, PaddleError>; onTotal: (total: number) => void },
): AsyncGenerator<string, void, undefined> {
  const ahead = paths.includes(standardInput) ? [first] : lookAhead(paths, first, nothing, onTotal)
  for (const [index, path] of paths.entries()) {
    if (path === standardInput) {
      yield* linesOfInput()
      continue
    }
    const found = await (ahead[index] ?? imagesAt(path, nothing))
    yield* found ?? [path]
    if (found?.length !== 0) continue
    nothing.set(path, new PaddleError('IMAGE_NOT_FOUND', `There is no image in ${path}.`, { advice: hint }))
    yield path
  }
}

/** Reads one path after the other while the images of the first ones are used, and counts the images. */
function lookAhead(
  paths: readonly string[],
  first: Promise<Found>,
  nothing: Map<string, PaddleError>,
  onTotal: (total: number) => void,
): readonly Promise<Found>[] {
  let last = first
  const rest = paths.slice(1).map((path) => (last = last.then(() => imagesAt(path, nothing))))
  void Promise.all([first, ...rest]).then(
    (found) => {
      // A path without images is yielded itself.
      onTotal(found.reduce((total, images) => total + Math.max(images?.length ?? 1, 1), 0))
    },
    () => undefined,
  )
  return [first, ...rest]
}

const hint = 'Use a file, a folder that contains images, or a pattern that matches some.'

/** The images of a folder or a pattern; undefined for any other path. */
async function imagesAt(path: string, nothing: Map<string, PaddleError>): Promise<string[] | undefined> {
  const kind = await stat(path).catch(() => undefined)
  if (kind?.isDirectory()) return inFolder(path, nothing)
  if (kind) return undefined
  const { glob, isDynamicPattern } = await import('tinyglobby')
  if (!isDynamicPattern(path)) return undefined
  const found = await glob(path, { onlyFiles: true, expandDirectories: false, absolute: isAbsolute(path) })
  const prefix = path.startsWith('./') ? './' : ''
  return found.map((file) => prefix + file).sort(inNaturalOrder)
}

async function inFolder(folder: string, nothing: Map<string, PaddleError>): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' }).catch(
    (cause: unknown) => {
      const message = `${folder} cannot be read (${codeOf(cause) ?? 'unknown error'}).\nCheck its permissions.`
      nothing.set(folder, new PaddleError('IMAGE_UNREADABLE', message, { cause }))
    },
  )
  // The folder itself is yielded, with the error.
  if (!entries) return [folder]
  const files = entries.filter((entry) => !entry.isDirectory())
  // Node's types have no entries whose names are bytes.
  const names = files.map(({ name }) => nameOf(name as unknown as Buffer))
  const prefix = folder.endsWith('/') ? folder : `${folder}/`
  return names
    .filter(
      ({ text, isText }) => imageName.test(isText ? text : text.slice(2, -1)) && !/^(\$')?\./.test(text),
    )
    .sort((a, b) => inNaturalOrder(a.text, b.text))
    .map(({ text, isText }) => {
      const path = prefix + text
      if (!isText) nothing.set(path, notText(path))
      return path
    })
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * A name as text. One that is not UTF-8 cannot be opened; it is shown in shell syntax (`$'a\\xff.jpg'`),
 * which is unique.
 */
function nameOf(bytes: Buffer): { text: string; isText: boolean } {
  try {
    return { text: utf8.decode(bytes), isText: true }
  } catch {
    const escaped = (sign: string): string => `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`
    const shown = bytes.toString('latin1').replace(/[^ -&(-[\]-~]/g, escaped)
    return { text: `$'${shown}'`, isText: false }
  }
}

function notText(path: string): PaddleError {
  return new PaddleError('IMAGE_UNREADABLE', `${path} cannot be read: its name is not UTF-8.`, {
    advice: 'Rename it.',
  })
}

function inNaturalOrder(a: string, b: string): number {
  return natural.compare(a, b) || (a < b ? -1 : 1)
}

async function* linesOfInput(): AsyncGenerator<string, void, undefined> {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (line !== '') yield line
  }
}

/** The `--img-path` that stands for paths on standard input. */
export const standardInput = '-'

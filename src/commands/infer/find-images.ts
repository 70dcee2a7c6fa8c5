import { readdir, stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { createInterface } from 'node:readline'
import { glob, isDynamicPattern } from 'tinyglobby'
import { PaddleError } from '../../errors.js'

/** The `--img-path` that stands for paths on standard input. */
export const standardInput = '-'

/** What is taken for an image in a folder, by its name; one that cannot be decoded is told. */
const imageName = /\.(jpe?g|jpe|jfif|png|webp|gif|tiff?|avif|heic|heif|bmp)$/i

/** `img2` before `img10`; the rest by code points. */
const natural = new Intl.Collator('en', { numeric: true })

/**
 * The paths of the images that the arguments stand for, in their order: a file is itself, a folder its images (not those of the
 * folders in it) in natural order, a pattern the files that match it, `-` the lines of standard input as they come.
 *
 * @param nothing - takes the error for a folder or pattern without an image, which is yielded itself in its place
 */
export async function* findImages(
  paths: readonly string[],
  nothing: Map<string, PaddleError>,
): AsyncGenerator<string, void, undefined> {
  for (const path of paths) {
    if (path === standardInput) {
      yield* linesOfInput()
      continue
    }
    const found = await imagesAt(path)
    yield* found ?? [path]
    if (found?.length !== 0) continue
    nothing.set(path, new PaddleError('IMAGE_NOT_FOUND', `There is no image in ${path}.\n${hint}`))
    yield path
  }
}

const hint = 'Give a file, a folder that holds images, or a pattern that matches some.'

/** `undefined` for what is neither a folder nor a pattern. */
async function imagesAt(path: string): Promise<string[] | undefined> {
  const kind = await stat(path).catch(() => undefined)
  if (kind?.isDirectory()) return inFolder(path)
  if (kind || !isDynamicPattern(path)) return undefined
  const found = await glob(path, { onlyFiles: true, expandDirectories: false, absolute: isAbsolute(path) })
  const prefix = path.startsWith('./') ? './' : ''
  return found.map((file) => prefix + file).sort(inNaturalOrder)
}

async function inFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
  const images = names.filter((name) => imageName.test(name) && !name.startsWith('.'))
  const prefix = folder.endsWith('/') ? folder : `${folder}/`
  return images.sort(inNaturalOrder).map((name) => prefix + name)
}

function inNaturalOrder(a: string, b: string): number {
  return natural.compare(a, b) || (a < b ? -1 : 1)
}

async function* linesOfInput(): AsyncGenerator<string, void, undefined> {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (line !== '') yield line
  }
}

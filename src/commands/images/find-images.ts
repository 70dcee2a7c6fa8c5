import { stat } from 'node:fs/promises'
import type { PaddleError } from '../../errors.js'
import { filePath } from '../../file-url.js'
import { isUrlText } from '../../image/index.js'
import { webUrlOf } from '../../web-url.js'
import { listFolder, type FoundImages } from './list-folder.js'
import { listLines } from './list-lines.js'
import { isPattern, matchPattern } from './match-pattern.js'
import { noImageInFolder, noImageMatches } from './no-images.js'
import { addSkipped, logSkipped, noneSkipped, type Skipped } from './skipped-files.js'

interface FindOptions {
  /** Receives the error of each yielded path that stands for no readable image. */
  readonly nothing: Map<string, PaddleError>
  /** Whether a folder stands for the images in its subfolders too. */
  readonly recursive: boolean
  /** Called with the number of images once it is known; never with standard input. */
  readonly onTotal?: (total: number) => void
  /** Called at the end with what folders and patterns contain besides images. @default logs it in one line */
  readonly onSkipped?: (skipped: Readonly<Skipped>) => void
}

/**
 * Yields the paths of the images that the arguments stand for, in order: a file or a URL itself; the images in a
 * folder, in natural order; those of the files that match a pattern; for `-`, the lines of standard input as
 * they arrive, where a `file:` URL stands for its path.
 *
 * A folder or a pattern without images is yielded itself, and so is a folder that cannot be read; `nothing`
 * has the error. Starts to read immediately: all arguments one after the other, or the first alone beside
 * standard input, whose end is unknown anyway.
 */
export function findImages(
  paths: readonly string[],
  options: FindOptions,
): AsyncGenerator<string, void, undefined> {
  const hasInput = paths.includes(standardInput)
  const ahead = readAhead(hasInput ? paths.slice(0, 1) : paths, options)
  if (hasInput) return imagesBesideInput(paths, ahead, options)
  countImages(ahead, options)
  return imagesOf(paths, ahead)
}

/** Undefined for a path that is neither a folder nor a pattern. */
type Found = FoundImages | undefined

/** Reads one path after the other while the images of the first ones are used. */
function readAhead(paths: readonly string[], options: FindOptions): readonly Promise<Found>[] {
  let last: Promise<Found> = Promise.resolve(undefined)
  return paths.map((path) => {
    last = last.then(() => (path === standardInput ? undefined : imagesAt(path, options)))
    // The error is thrown where the promise is awaited.
    last.catch(() => undefined)
    return last
  })
}

/** Reports what was found, once all of it is known. */
function countImages(
  ahead: readonly Promise<Found>[],
  { onTotal, onSkipped = logSkipped }: FindOptions,
): void {
  void Promise.all(ahead).then(
    (all) => {
      const skipped = noneSkipped()
      for (const found of all) if (found) addSkipped(skipped, found.skipped)
      onSkipped(skipped)
      onTotal?.(all.reduce((total, found) => total + (found?.images.length ?? 1), 0))
    },
    () => undefined,
  )
}

async function* imagesOf(
  paths: readonly string[],
  ahead: readonly Promise<Found>[],
): AsyncGenerator<string, void, undefined> {
  for (const [index, path] of paths.entries()) yield* (await ahead[index])?.images ?? [path]
}

async function* imagesBesideInput(
  paths: readonly string[],
  ahead: readonly Promise<Found>[],
  options: FindOptions,
): AsyncGenerator<string, void, undefined> {
  const { onSkipped = logSkipped } = options
  const skipped = noneSkipped()
  for (const [index, path] of paths.entries()) {
    if (path === standardInput)
      for await (const line of listLines(process.stdin)) yield filePath(line) ?? line
    else {
      const found = await (ahead[index] ?? imagesAt(path, options))
      if (found) addSkipped(skipped, found.skipped)
      yield* found?.images ?? [path]
    }
  }
  onSkipped(skipped)
}

/** The images of a folder or a pattern, or else its own path, with the error. */
async function imagesAt(path: string, { nothing, recursive }: FindOptions): Promise<Found> {
  // Its contents or query would make it a pattern.
  if (webUrlOf(path) || isUrlText(path)) return undefined
  const kind = await stat(path).catch(() => undefined)
  const isFolder = kind?.isDirectory() ?? false
  // A file whose name looks like a pattern is a file.
  if (!isFolder && (kind || !(await isPattern(path)))) return undefined
  const found = await (isFolder ? listFolder(path, { recursive, failed: nothing }) : matchPattern(path))
  if (found.images.length > 0) return found
  const { skipped } = found
  nothing.set(path, await (isFolder ? noImageInFolder(path, skipped) : noImageMatches(path, skipped)))
  // The error says what there is.
  return { images: [path], skipped: noneSkipped() }
}

/** The `--img-path` that stands for paths on standard input. */
export const standardInput = '-'

import type { PaddleError } from '../../errors.js'
import type { ExistingResults } from './answered.js'
import { findImages } from './find-images.js'
import { standardInput } from './standard-input.js'

/** The images of a run. */
export interface PendingImages {
  readonly images: AsyncIterable<string> | readonly string[]
  /** How many of those that are wanted were answered before. */
  readonly answered: number
  /** How many of them with an error, as far as that is known. */
  readonly failed: number
  /** How many are wanted, with those that were answered before; undefined as long as nobody knows. */
  readonly total: () => number | undefined
}

/**
 * Finds the images that the arguments stand for, but those that are answered already.
 *
 * @param nothing - as `findImages` takes it
 */
export async function pendingImages(
  paths: readonly string[],
  answered: ExistingResults,
  nothing: Map<string, PaddleError>,
): Promise<PendingImages> {
  let total: number | undefined
  // A large folder is read while paddle is imported.
  const found = findImages(paths, nothing, (count) => (total = count))
  const { count, failed } = answered
  if (count === 0) return { images: found, answered: 0, failed: 0, total: () => total }
  const isNew = excluding(answered.images)
  if (paths.includes(standardInput)) {
    return { images: filtered(found, isNew), answered: count, failed, total: () => undefined }
  }
  const all: string[] = []
  for await (const image of found) all.push(image)
  const images = all.filter(isNew)
  const done = all.length - images.length
  return { images, answered: done, failed: done === count ? failed : 0, total: () => all.length }
}

/** Whether an image is not there; one that is asked for twice has to be there twice. */
export function excluding(images: ReadonlyMap<string, number>): (image: string) => boolean {
  const left = new Map(images)
  return (image) => {
    const count = left.get(image) ?? 0
    if (count > 0) left.set(image, count - 1)
    return count === 0
  }
}

async function* filtered(
  images: AsyncIterable<string>,
  isWanted: (image: string) => boolean,
): AsyncGenerator<string, void, undefined> {
  for await (const image of images) if (isWanted(image)) yield image
}

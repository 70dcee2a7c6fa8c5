import type { PaddleError } from '../../../errors.js'
import { counted } from '../../../wording.js'
import { findImages, standardInput } from '../../images/find-images.js'
import type { ImageArguments } from '../arguments.js'
import type { ExistingResults } from './existing-results.js'

/** The images that a run has yet to process. */
export interface PendingImages {
  readonly images: AsyncIterable<string> | readonly string[]
  /** How many of the requested images already have a result. */
  readonly answered: number
  /** How many of these are errors, if known. */
  readonly failed: number
  /** The number of requested images, including those with a result; undefined while unknown. */
  readonly total: () => number | undefined
}

/**
 * Finds the images that the arguments stand for, except those that already have a result.
 *
 * @param nothing - as in `findImages`
 * @param counted - whether all images are to be found before the first is used, so that `total` is known;
 * without effect with standard input
 */
export async function pendingImages(
  { imgPath: paths, recursive }: Pick<ImageArguments, 'imgPath' | 'recursive'>,
  answered: ExistingResults,
  nothing: Map<string, PaddleError>,
  { counted = false }: { readonly counted?: boolean } = {},
): Promise<PendingImages> {
  let total: number | undefined
  // A large folder is read while paddle is imported.
  const found = findImages(paths, { nothing, recursive, onTotal: (count) => (total = count) })
  const { count, failed } = answered
  const isStream = paths.includes(standardInput)
  if (count === 0 && (isStream || !counted))
    return { images: found, answered: 0, failed: 0, total: () => total }
  const isNew = excluding(answered.images)
  if (isStream) {
    return { images: filtered(found, isNew), answered: count, failed, total: () => undefined }
  }
  const all: string[] = []
  for await (const image of found) all.push(image)
  const images = all.filter(isNew)
  const done = all.length - images.length
  return { images, answered: done, failed: done === count ? failed : 0, total: () => all.length }
}

/** Returns a filter for images without a result; an image that is requested twice needs two results. */
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

/** The progress of a run; `total` if known. */
interface Count {
  readonly done: number
  readonly total: number | undefined
}

/** The note at the start of a resumed run. */
export function alreadyDoneMessage({ done, total, failed }: Count & { readonly failed: number }): string {
  const verb = (total ?? done) === 1 ? 'has' : 'have'
  const count = done === total && done > 1 ? `All ${counted(done, 'image')}` : ofTotal({ done, total })
  const errors = failed === 0 ? '' : `, ${failed} of them with an error`
  return `${count} already ${verb} a result${errors}.\n`
}

/**
 * The message of a run that a signal or an error ended early.
 *
 * @param goOn - the command that resumes the run, if any
 */
export function stoppedMessage(count: Count, goOn: string | undefined): string {
  return `Stopped after ${ofTotal(count)}.\n${goOn === undefined ? '' : `To resume: ${goOn}\n`}`
}

/** The failures of a run; `''` without any. */
export function failureSummary({
  all,
  failed,
  empty,
  unsaved,
}: Readonly<Record<'all' | 'failed' | 'empty' | 'unsaved', number>>): string {
  const images = all - empty
  const lines = [
    ...(failed > 0 ? [`${failed} of ${counted(images, 'image')} failed.\n`] : []),
    ...(empty > 0 ? [`${counted(empty, 'path stands', 'paths stand')} for no image.\n`] : []),
    ...(unsaved > 0
      ? [`${unsaved} of ${counted(images - failed, 'annotated image')} could not be written.\n`]
      : []),
  ]
  return lines.join('')
}

function ofTotal({ done, total }: Count): string {
  return total === undefined ? counted(done, 'image') : `${done} of ${counted(total, 'image')}`
}

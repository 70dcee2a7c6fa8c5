import type { PaddleError } from '../../../errors.js'
import { counted } from '../../../wording.js'
import { findImages, standardInput } from '../../images/find-images.js'
import type { ExistingResults } from './existing-results.js'

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

/** How far a batch is; `total` where that is known. */
interface Count {
  readonly done: number
  readonly total: number | undefined
}

/** What a run that goes on begins with. */
export function alreadyDoneMessage({ done, total, failed }: Count & { readonly failed: number }): string {
  const verb = (total ?? done) === 1 ? 'was' : 'were'
  const count = done === total && done > 1 ? `All ${counted(done, 'image')}` : ofTotal({ done, total })
  const errors = failed === 0 ? '' : `, ${failed} of them with an error`
  return `${count} ${verb} answered already${errors}.\n`
}

/**
 * The last words of a run that a signal, or an error, has ended before its time.
 *
 * @param goOn - the command line that goes on, where there is one
 */
export function stoppedMessage(count: Count, goOn: string | undefined): string {
  return `Stopped after ${ofTotal(count)}.\n${goOn === undefined ? '' : `To go on: ${goOn}\n`}`
}

/** What is missing at the end of a run; `''` when nothing is. */
export function failureSummary({
  all,
  failed,
  unsaved,
}: Readonly<Record<'all' | 'failed' | 'unsaved', number>>): string {
  const lines = [
    ...(failed > 0 ? [`${failed} of ${counted(all, 'image')} could not be answered.\n`] : []),
    ...(unsaved > 0 ? [`${unsaved} of ${counted(all - failed, 'picture')} could not be written.\n`] : []),
  ]
  return lines.join('')
}

function ofTotal({ done, total }: Count): string {
  return total === undefined ? counted(done, 'image') : `${done} of ${counted(total, 'image')}`
}

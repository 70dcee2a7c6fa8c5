import { PaddleError } from '../../../errors.js'
import { counted } from '../../../wording.js'
import { describeInFlags } from '../../flags/flag-errors.js'
import { findImages } from '../../images/find-images.js'

/**
 * The images that `--img-path` stands for.
 *
 * @throws PaddleError IMAGE_NOT_FOUND, IMAGE_UNREADABLE for a folder or a pattern
 */
export async function openImageCycle(
  paths: readonly string[],
  { recursive }: { readonly recursive: boolean },
): Promise<ImageCycle> {
  const nothing = new Map<string, PaddleError>()
  const found: string[] = []
  for await (const image of findImages(paths, { nothing, recursive })) found.push(image)
  const [error] = paths.flatMap((path) => nothing.get(path) ?? [])
  if (error) throw error
  const cycle = new ImageCycle(found)
  for (const [path, error] of nothing) cycle.leaveOut(path, error)
  return cycle
}

/** Repeats the images endlessly, and skips those that have failed. */
export class ImageCycle {
  /** The number of images, including skipped ones. */
  readonly size: number
  readonly #failures = new Map<unknown, PaddleError>()
  #left: readonly string[]
  #next = 0

  constructor(images: readonly string[]) {
    this.size = images.length
    this.#left = images
  }

  /** A note on skipped images, with the first error. */
  get notes(): string[] {
    const [first] = this.#failures.values()
    if (!first) return []
    const { size } = this.#failures
    const left = `${size} of ${counted(this.size, 'image')} failed and ${size === 1 ? 'was' : 'were'} skipped:`
    return [`${left} ${describeInFlags(first)}`]
  }

  leaveOut(image: unknown, error: PaddleError): void {
    this.#failures.set(image, error)
    this.#left = this.#left.filter((path) => path !== image)
  }

  *take(count: number): Generator<string, void, undefined> {
    for (let taken = 0; taken < count; taken += 1) yield this.#one()
  }

  *takeWhile(more: () => boolean): Generator<string, void, undefined> {
    while (more()) yield this.#one()
  }

  /** @throws PaddleError the first failure, if no image is left */
  #one(): string {
    const image = this.#left[this.#next % this.#left.length]
    this.#next += 1
    if (image !== undefined) return image
    const [failure] = this.#failures.values()
    throw failure ?? new PaddleError('IMAGE_NOT_FOUND', 'There is no image.', { advice: 'Set --img-path.' })
  }
}

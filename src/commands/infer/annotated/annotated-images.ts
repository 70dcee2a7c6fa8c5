import { extname, parse } from 'node:path'
import { PaddleError } from '../../../errors.js'
import { annotate, type ImageFormat } from '../../../image/annotate/index.js'
import { readForm, sourceName } from '../../../image/index.js'
import type { ImageResult, ResultForms } from '../../../tasks/index.js'
import type { InferArguments } from '../arguments.js'
import { AnnotatedFolder } from './annotated-folder.js'

/** Writes each image with its answer drawn upon it. */
export class AnnotatedImages {
  readonly #folder: AnnotatedFolder
  readonly #results: ResultForms<object>
  readonly #names = new AnnotatedNames()
  readonly #options: { readonly autoOrient: boolean; readonly maxPixels: number }

  private constructor(
    folder: AnnotatedFolder,
    results: ResultForms<object>,
    { autoOrient, maxPixels = readForm.maxPixels.default }: InferArguments,
  ) {
    this.#folder = folder
    this.#results = results
    this.#options = { autoOrient, maxPixels }
  }

  /**
   * @param before - images that have their pictures, in the order in which they were answered
   * @throws PaddleError FILE_NOT_WRITTEN
   */
  static async open(
    saveDir: string,
    results: ResultForms<object>,
    args: InferArguments,
    before: Iterable<string>,
  ): Promise<AnnotatedImages> {
    const pictures = new AnnotatedImages(await AnnotatedFolder.open(saveDir), results, args)
    for (const image of before) pictures.#names.of(image)
    return pictures
  }

  /**
   * Has to be called in the order of the answers, which its names depend on; need not be waited for.
   *
   * @returns what went wrong, if anything did: the others can be saved all the same
   */
  async save(result: ImageResult): Promise<PaddleError | undefined> {
    const image = sourceName(result.image)
    const { name, format } = this.#names.of(image)
    if (result.error) return undefined
    try {
      const { bytes } = await annotate(image, this.#results.marks(result), { ...this.#options, format })
      await this.#folder.save(name, bytes, image)
      return undefined
    } catch (error) {
      if (error instanceof PaddleError) return error
      throw error
    }
  }
}

const formats: Readonly<Record<string, ImageFormat>> = {
  ...{ '.jpg': 'jpeg', '.jpeg': 'jpeg', '.jpe': 'jpeg', '.jfif': 'jpeg' },
  ...{ '.png': 'png', '.webp': 'webp' },
}

/** The format of a file of that name, where pictures can be of it. */
function formatOf(name: string): ImageFormat | undefined {
  return formats[extname(name).toLowerCase()]
}

/** The name of an image's picture, and its format. */
export interface AnnotatedName {
  readonly name: string
  readonly format: ImageFormat
}

/**
 * Gives each image's picture a name of its own: that of the image, with a number where another image has it already. Images that are
 * asked for in the same order get the same names.
 */
export class AnnotatedNames {
  readonly #names = new Map<string, string>()
  readonly #taken = new Set<string>()
  readonly #numbers = new Map<string, number>()

  of(image: string): AnnotatedName {
    const name = this.#names.get(image) ?? this.#newName(image)
    this.#names.set(image, name)
    return { name, format: formatOf(name) ?? 'png' }
  }

  #newName(image: string): string {
    const { base, name: stem, ext } = parse(image)
    // What cannot be written in its own format becomes a PNG, and says so: a.gif.png.
    const [first, last] = formatOf(base) ? [stem, ext] : [base, '.png']
    // On some file systems, names that differ in case only are the same.
    const key = `${first}${last}`.toLowerCase()
    let number = this.#numbers.get(key) ?? 0
    let name
    do {
      number += 1
      name = number === 1 ? `${first}${last}` : `${first}_${number}${last}`
    } while (this.#taken.has(name.toLowerCase()))
    this.#numbers.set(key, number)
    this.#taken.add(name.toLowerCase())
    return name
  }
}

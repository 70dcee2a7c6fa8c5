import { PaddleError } from '../../errors.js'
import { annotate, type Mark } from '../../image/annotate/index.js'
import { readForm, sourceName } from '../../image/index.js'
import type { ImageResult } from './answer-formats.js'
import type { InferArguments } from './arguments.js'
import { AnnotatedFolder } from './picture-folder.js'
import { AnnotatedNames } from './picture-names.js'

/** Writes each image with its answer drawn upon it. */
export class AnnotatedImages {
  readonly #folder: AnnotatedFolder
  readonly #names = new AnnotatedNames()
  readonly #options: { readonly autoOrient: boolean; readonly maxPixels: number }

  private constructor(
    folder: AnnotatedFolder,
    { autoOrient, maxPixels = readForm.maxPixels.default }: InferArguments,
  ) {
    this.#folder = folder
    this.#options = { autoOrient, maxPixels }
  }

  /**
   * @param before - images that have their pictures, in the order in which they were answered
   * @throws PaddleError FILE_NOT_WRITTEN
   */
  static async open(
    saveDir: string,
    args: InferArguments,
    before: Iterable<string>,
  ): Promise<AnnotatedImages> {
    const pictures = new AnnotatedImages(await AnnotatedFolder.open(saveDir), args)
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
      const { bytes } = await annotate(image, marksOf(result), { ...this.#options, format })
      await this.#folder.save(name, bytes, image)
      return undefined
    } catch (error) {
      if (error instanceof PaddleError) return error
      throw error
    }
  }
}

function marksOf({ topK, boxes = [] }: ImageResult): Mark[] {
  if (topK) return topK.map(({ prob, ...prediction }) => ({ ...prediction, score: prob }))
  return boxes.map(({ x1, y1, x2, y2, ...prediction }) => ({ ...prediction, box: { x1, y1, x2, y2 } }))
}

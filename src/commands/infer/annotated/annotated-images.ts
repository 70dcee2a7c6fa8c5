import { basename, extname, parse } from 'node:path'
import { PaddleError } from '../../../errors.js'
import {
  annotate,
  encodeLabelMap,
  type AnnotateOptions,
  type ImageFormat,
} from '../../../image/annotate/index.js'
import { filePath } from '../../../file-url.js'
import { isUrlText, KeptDownload, readForm, sourceName, type ImageSource } from '../../../image/index.js'
import type { ImageResult, ResultForms } from '../../../tasks/index.js'
import { webUrlOf } from '../../../web-url.js'
import { allowUrlsOf, type InferArguments } from '../arguments.js'
import { AnnotatedFolder } from './annotated-folder.js'

/** Writes an annotated copy of each image, and its label map if its result has one. */
export class AnnotatedImages {
  readonly #folder: AnnotatedFolder
  readonly #results: ResultForms<object>
  readonly #names: AnnotatedNames
  readonly #options: Omit<AnnotateOptions, 'format' | 'labelMap'>

  private constructor(folder: AnnotatedFolder, results: ResultForms<object>, args: InferArguments) {
    this.#folder = folder
    this.#results = results
    this.#names = new AnnotatedNames({ withMaps: results.labelMap !== undefined })
    const { autoOrient, maxPixels = readForm.maxPixels.default } = args
    this.#options = { autoOrient, maxPixels, allowUrls: allowUrlsOf(args) }
  }

  /**
   * @param before - images of the run that is resumed, in the order of their results
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

  /** The sources of images: a download is kept until its annotated copy is drawn. */
  async *sourcesOf(
    images: AsyncIterable<string> | readonly string[],
  ): AsyncGenerator<ImageSource, void, undefined> {
    const { allowUrls = false } = this.#options
    for await (const image of images) {
      const url = webUrlOf(image)
      yield url ? new KeptDownload(image, url, { allowUrls }) : image
    }
  }

  /**
   * Must be called in the order of the results, because the names depend on it. Calls may overlap.
   *
   * @returns the error, if the annotated image could not be written; the others are not affected
   */
  async save(result: ImageResult): Promise<PaddleError | undefined> {
    const image = sourceName(result.image)
    // The name of a data: URL is cut.
    const { name, map, format } = this.#names.of(typeof result.image === 'string' ? result.image : image)
    if (result.error) return undefined
    const labelMap = this.#results.labelMap?.(result)
    const marks = this.#results.marks(result)
    try {
      const { bytes } = await annotate(result.image, marks, { ...this.#options, format, labelMap })
      await this.#folder.save(name, bytes, image)
      if (labelMap && map !== undefined) await this.#folder.save(map, await encodeLabelMap(labelMap), image)
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

/** The format of an annotated image by its name; undefined if the format is not supported. */
function formatOf(name: string): ImageFormat | undefined {
  return formats[extname(name).toLowerCase()]
}

/** The name and the format of an annotated image. */
export interface AnnotatedName {
  readonly name: string
  /** The name of its label map, where there are some. */
  readonly map?: string
  readonly format: ImageFormat
}

/**
 * Names the annotated images: the name of the image, with a number if another image already has it. The names
 * depend only on the order of the calls.
 */
export class AnnotatedNames {
  readonly #names = new Map<string, string>()
  readonly #taken = new Set<string>()
  readonly #numbers = new Map<string, number>()
  readonly #withMaps: boolean

  constructor({ withMaps = false }: { readonly withMaps?: boolean } = {}) {
    this.#withMaps = withMaps
  }

  of(image: string): AnnotatedName {
    const name = this.#names.get(image) ?? this.#newName(image)
    this.#names.set(image, name)
    return { name, ...(this.#withMaps && { map: mapName(name) }), format: formatOf(name) ?? 'png' }
  }

  #filesOf(name: string): string[] {
    return [name, ...(this.#withMaps ? [mapName(name)] : [])].map((file) => file.toLowerCase())
  }

  #newName(image: string): string {
    const { base, name: stem, ext } = parse(fileNameOf(image))
    // Other formats become PNG, with the ending in the name: a.gif.png.
    const [first, last] = formatOf(base) ? [stem, ext] : [base, '.png']
    // Some file systems ignore case.
    const key = `${first}${last}`.toLowerCase()
    let number = this.#numbers.get(key) ?? 0
    let name
    do {
      number += 1
      name = number === 1 ? `${first}${last}` : `${first}_${number}${last}`
    } while (this.#filesOf(name).some((file) => this.#taken.has(file)))
    this.#numbers.set(key, number)
    for (const file of this.#filesOf(name)) this.#taken.add(file)
    return name
  }
}

/** The most characters of a name that a URL gives. */
const mostOfUrl = 100

/** The path of an image, or the last part of the path of its URL, in which special characters are encoded, if it has one. */
function fileNameOf(image: string): string {
  const url = webUrlOf(image)
  if (url) return basename(url.pathname).slice(-mostOfUrl) || 'image'
  return filePath(image) ?? (isUrlText(image) ? 'image' : image)
}

/** The label map of `a.jpg` is `a.jpg.map.png`. */
function mapName(name: string): string {
  return `${name}.map.png`
}

import { extname, parse } from 'node:path'
import type { ImageFormat } from '../../image/annotate/index.js'

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

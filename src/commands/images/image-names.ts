/** The extensions of images. Files that cannot be decoded, such as `.heic` and `.jp2`, are reported. */
const extensions = [
  ...['.jpg', '.jpeg', '.jpe', '.jfif', '.png', '.webp', '.gif'],
  ...['.tif', '.tiff', '.avif', '.heic', '.heif', '.bmp', '.dib', '.jp2'],
]

/** The extensions in a message. */
export const imageExtensions = `${extensions.slice(0, -1).join(', ')} or ${extensions.at(-1) ?? ''}`

/** Whether a file in a folder, or one that a pattern matches, has the name of an image. */
export function isImageName(name: string): boolean {
  return extensions.some((extension) => name.length > extension.length && hasEnding(name, extension))
}

function hasEnding(name: string, extension: string): boolean {
  return name.slice(-extension.length).toLowerCase() === extension
}

/** `img2` before `img10`; equal names by code points. */
const natural = new Intl.Collator('en', { numeric: true })

/** Compares two names. */
function byNaturalOrder(a: string, b: string): number {
  return natural.compare(a, b) || (a < b ? -1 : Number(a > b))
}

/** Sorts paths in natural order, folder by folder. */
export function inNaturalOrder(paths: readonly string[]): string[] {
  return paths
    .map((path) => ({ path, names: path.split('/') }))
    .sort((a, b) => byNames(a.names, b.names))
    .map(({ path }) => path)
}

function byNames(a: readonly string[], b: readonly string[]): number {
  for (const [index, name] of a.entries()) {
    const other = b[index]
    if (other === undefined) return 1
    const order = name === other ? 0 : byNaturalOrder(name, other)
    if (order !== 0) return order
  }
  return a.length - b.length
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A name in a folder. */
export interface EntryName {
  readonly text: string
  /** Whether it is UTF-8; any other name cannot be opened. */
  readonly isText: boolean
  readonly isHidden: boolean
  readonly isImage: boolean
}

/** A name as text. One that is not UTF-8 is shown in shell syntax (`$'a\\xff.jpg'`), which is unique. */
export function readName(bytes: Buffer): EntryName {
  const isHidden = bytes[0] === '.'.charCodeAt(0)
  try {
    const text = utf8.decode(bytes)
    return { text, isText: true, isHidden, isImage: isImageName(text) }
  } catch {
    const escaped = (sign: string): string => `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`
    const shown = bytes.toString('latin1').replace(/[^ -&(-[\]-~]/g, escaped)
    return { text: `$'${shown}'`, isText: false, isHidden, isImage: isImageName(shown) }
  }
}

import { beginningOf } from '../../errors.js'
import { outsideArchive } from '../../outside-archive.js'
import { resolveDependency } from '../../package-files.js'
import { loadSharp } from '../decode/load-sharp.js'
import type { Mask } from './canvas.js'

/**
 * Part of the package, so that Latin letters are drawn on systems without fonts; other letters use the
 * system's fonts.
 */
const fontFile = '@expo-google-fonts/atkinson-hyperlegible/700Bold/AtkinsonHyperlegible_700Bold.ttf'
const fontNames = 'Atkinson Hyperlegible, sans-serif Bold'

let fontPath: string | undefined

/** The most characters (grapheme clusters) of a label that are considered. */
const mostSigns = 200

const signs = new Intl.Segmenter('en', { granularity: 'grapheme' })

/**
 * Splits a text into the characters that can be drawn on one line, without control characters and those that
 * change the text direction.
 */
export function signsOf(text: string): string[] {
  const plain = beginningOf(text, 16 * mostSigns)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .trim()
  return Array.from(signs.segment(plain), ({ segment }) => segment)
}

/**
 * Draws a label and the text after it, in letters of about `size` pixels. Truncates a label that would be
 * wider than `width`, with `…`.
 *
 * @returns undefined if not even `…` and the text after it fit
 */
export async function drawLabel(
  label: string,
  end: string,
  { size, width }: { readonly size: number; readonly width: number },
): Promise<Mask | undefined> {
  const all = signsOf(label)
  const whole = all.length <= mostSigns ? await drawText(all.join('') + end, size) : undefined
  if (whole && whole.width <= width) return whole
  // A binary search for the most characters that fit.
  let [least, most, found] = [0, Math.min(all.length, mostSigns), undefined as Mask | undefined]
  while (least < most) {
    const count = Math.ceil((least + most) / 2)
    const mask = await drawText(`${all.slice(0, count).join('').trimEnd()}…${end}`, size)
    if (mask.width <= width) [least, found] = [count, mask]
    else most = count - 1
  }
  if (found) return found
  const shortest = await drawText(`…${end}`, size)
  return shortest.width <= width ? shortest : undefined
}

async function drawText(text: string, size: number): Promise<Mask> {
  fontPath ??= findFont()
  const sharp = await loadSharp()
  const { data, info } = await sharp({
    text: { text: escaped(text), font: `${fontNames} ${size}`, fontfile: fontPath, dpi: 72, wrap: 'none' },
  })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}

/** The path of the font, which Pango opens itself. @throws PaddleError PACKAGE_FILES_MISSING */
function findFont(): string {
  return outsideArchive(resolveDependency(fontFile))
}

/** Pango interprets the text as markup. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

import { createRequire } from 'node:module'
import { beginningOf } from '../../errors.js'
import { loadSharp } from '../decode/load-sharp.js'
import type { Mask } from './canvas.js'

/** Comes with the package, so that Latin letters are drawn where the system has no fonts at all; others are the system's. */
const fontFile = '@expo-google-fonts/atkinson-hyperlegible/700Bold/AtkinsonHyperlegible_700Bold.ttf'
const fontNames = 'Atkinson Hyperlegible, sans-serif Bold'

let fontPath: string | undefined

/** No more of a label is ever looked at, in signs as one sees them. */
const mostSigns = 200

const signs = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Text as it can be drawn on one line: without what moves the cursor or turns the direction of others. */
export function signsOf(text: string): string[] {
  const plain = beginningOf(text, 16 * mostSigns)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .trim()
  return Array.from(signs.segment(plain), ({ segment }) => segment)
}

/**
 * Draws a label and what follows it, in letters of about `size` pixels. Of a label that would be wider than `width` the end is cut off,
 * which `…` says.
 *
 * @returns nothing when not even the first sign has room
 */
export async function drawLabel(
  label: string,
  end: string,
  { size, width }: { readonly size: number; readonly width: number },
): Promise<Mask | undefined> {
  const all = signsOf(label)
  const whole = all.length <= mostSigns ? await drawText(all.join('') + end, size) : undefined
  if (whole && whole.width <= width) return whole
  // The most signs that have room, found by halving.
  let [least, most, found] = [0, Math.min(all.length, mostSigns), undefined as Mask | undefined]
  while (least < most) {
    const count = Math.ceil((least + most) / 2)
    const mask = await drawText(`${all.slice(0, count).join('').trimEnd()}…${end}`, size)
    if (mask.width <= width) [least, found] = [count, mask]
    else most = count - 1
  }
  if (found) return found
  const alone = await drawText(end.trim() || '…', size)
  return alone.width <= width ? alone : undefined
}

async function drawText(text: string, size: number): Promise<Mask> {
  fontPath ??= createRequire(import.meta.url).resolve(fontFile)
  const sharp = await loadSharp()
  const { data, info } = await sharp({
    text: { text: escaped(text), font: `${fontNames} ${size}`, fontfile: fontPath, dpi: 72, wrap: 'none' },
  })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}

/** Pango takes text for markup. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

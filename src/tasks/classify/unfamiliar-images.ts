import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { RgbImage } from '../../image/index.js'
import type { ModelFiles } from '../../model/index.js'
import { defaultModelFolder } from '../../package-files.js'
import { createWarning, warn, type WarningListener } from '../../warnings.js'
import { wording, type Wording } from '../../wording.js'
import { bestOf } from './predictions.js'

/** Whether it is the model of the package. */
export async function isBuiltIn({ program }: ModelFiles): Promise<boolean> {
  const [folder, builtIn] = await Promise.all([dirname(program), defaultModelFolder].map(realPath))
  return folder === builtIn
}

function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}

/**
 * An image whose two best scores together are below this probably shows no single character. The two count
 * because a character that is hard to read leaves two in question (0 or O, 1 or I), while a photo resembles
 * several a little.
 */
const leastOfTwo = 0.8

/**
 * The same for an image that does not consist of two tones, as ink on paper does. Measured with both: 2 % of
 * 1440 characters in fonts that the model never saw are taken for unfamiliar (tests/helpers/render_characters.py),
 * none of the package's (their two best scores are 0.99 and more), but 84 % of 37 photos and scanned pages, and 80 %
 * of 444 squares cut out of them.
 */
const leastOfTwoInOtherTones = 0.97

/** The least {@link shareOfTwoTones} of an image of two tones; a shadow or noise lowers it. */
const leastShare = 0.74

/**
 * The share of such images so far that is unusual. A folder of characters, some of which are hard to read, stays
 * below it unless one of the first few is. A single image is judged too: it is often the first that somebody
 * tries, and nobody knows whether others will follow. For 1.1 % of characters, the hint is then wrong.
 */
const mostUnfamiliar = 1 / 4

/** Takes an image as it is fed, its scores, and its name in messages. */
type ImageWatch = (image: RgbImage, scores: Float32Array, name: string) => void

/** Returns a function that takes each image, and warns once if the images look unfamiliar. */
export function watchImages(listener: WarningListener | undefined): ImageWatch {
  let [images, unfamiliar, isTold] = [0, 0, false]
  return (image, scores, name) => {
    images += 1
    const isOne = isUnfamiliar(image, scores)
    if (isOne) unfamiliar += 1
    if (isTold || !isOne || unfamiliar <= mostUnfamiliar * images) return
    isTold = true
    warn(listener, createWarning('INPUT_UNFAMILIAR', unfamiliarText(name)))
  }
}

function isUnfamiliar(image: RgbImage, scores: Float32Array): boolean {
  const ofTwo = bestOf(scores, 2).reduce((sum, { score }) => sum + score, 0)
  return ofTwo < leastOfTwo || (ofTwo < leastOfTwoInOtherTones && shareOfTwoTones(image) < leastShare)
}

/**
 * How much of the variance of an image two tones explain, from 0 to 1: 1 minus the variance that is left within
 * dark and light pixels, at the threshold where the least is left (Otsu's). Compares the green of pixels.
 */
export function shareOfTwoTones({ data }: Pick<RgbImage, 'data'>): number {
  const tones = data.filter((_, index) => index % 3 === 1).sort()
  const count = tones.length
  const mean = tones.reduce((sum, tone) => sum + tone, 0) / count
  const variance = tones.reduce((sum, tone) => sum + (tone - mean) ** 2, 0) / count
  if (variance === 0) return 1
  let [most, below] = [0, 0]
  for (let dark = 1; dark < count; dark += 1) {
    below += tones[dark - 1] ?? 0
    // The variance between the tones: each side by the square of its distance from the mean.
    const between = (below - dark * mean) ** 2 / (dark * (count - dark))
    most = Math.max(most, between)
  }
  return most / variance
}

function unfamiliarText(name: string): Wording {
  return wording`${name} does not look like a single character, and the built-in model knows only printed ones (0–9, A–Z). For other images use a model of your own: ${{ option: 'modelDir', value: 'DIR', code: "`ImageClassifier.load('DIR')`" }}. For photos, \`paddle-ts export --pretrained --save-inference-dir DIR\` makes one.`
}

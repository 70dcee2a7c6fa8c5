import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createWarning, warn, type WarningListener } from '../../inference/index.js'
import type { ModelFiles } from '../../model/index.js'
import { defaultModelFolder } from '../../package-files.js'
import { wording } from '../../wording.js'

/** Whether it is the model of the package. */
export async function isBuiltIn({ program }: ModelFiles): Promise<boolean> {
  const [folder, builtIn] = await Promise.all([dirname(program), defaultModelFolder].map(realPath))
  return folder === builtIn
}

function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}

/**
 * An image below this best score probably shows no single character: the model itself takes each answer for more
 * likely wrong than right. Measured: 1.1 % of 1440 characters in fonts that the model never saw are below it
 * (tests/helpers/render_characters.py), none of the package's images (0.92 and more), and 54 % of 540 squares
 * cut out of photos and scanned pages.
 */
const leastScore = 0.5

/**
 * The share of such images so far that is unusual. A folder of characters, some of which are hard to read, stays
 * below it unless one of the first few is.
 */
const mostUnfamiliar = 1 / 4

/** Returns a function that takes the best score of each image, and warns once if they look unfamiliar. */
export function watchScores(listener: WarningListener | undefined): (best: number) => void {
  let [images, unfamiliar, isTold] = [0, 0, false]
  return (best) => {
    images += 1
    if (best < leastScore) unfamiliar += 1
    if (isTold || unfamiliar <= mostUnfamiliar * images) return
    isTold = true
    warn(listener, createWarning('INPUT_UNFAMILIAR', text))
  }
}

const text = wording`An image does not look like a single character, and the built-in model knows only printed ones (0–9, A–Z). For other images use a model of your own: ${{ option: 'modelDir', value: 'DIR', code: "`ImageClassifier.load('DIR')`" }}. For photos, \`paddle-ts export --pretrained --save-inference-dir DIR\` makes one.`

import { readPixels, type ImageSource, type ReadOptions, type RgbImage } from '../../src/image/index.js'
import { tutorialPreprocessing, type Preprocessing } from '../../src/model/index.js'

/** The pixels of an image as Pillow decodes it, after the given part of a preprocessing. */
export async function pixelsOf(
  source: ImageSource,
  preprocessing: Partial<Preprocessing>,
  options: ReadOptions = {},
): Promise<RgbImage> {
  return (await readPixels(source, { ...tutorialPreprocessing, steps: [], ...preprocessing }, options)).pixels
}

import { readDeclaredSize, type DeclaredSize, type ModelConfig, type ModelFiles } from '../../model/index.js'
import { wording } from '../../wording.js'
import { declaredSteps, sidesOf, type GivenSizes } from './fixed-size.js'
import { createWarning, warn, type WarningListener } from '../../warnings.js'

/** The sides of the tutorial's model. */
const tutorialSide = 224

/**
 * The size that the program declares for its images, where no file says how to feed the model; undefined if it is the
 * tutorial's, or if it is left open.
 */
export async function assumedSize(
  files: ModelFiles,
  config: ModelConfig | undefined,
): Promise<DeclaredSize | undefined> {
  if (config?.preprocessing) return undefined
  const declared = await readDeclaredSize(files)
  if (!declared) return undefined
  const { width, height } = sidesOf(declared)
  return width === tutorialSide && height === tutorialSide ? undefined : declared
}

/** Warns of a size that was assumed, unless the caller set one. */
export function warnOfAssumedSize(
  model: string,
  declared: DeclaredSize | undefined,
  { resizeSize, cropSize, onWarning }: GivenSizes & { readonly onWarning?: WarningListener | undefined },
): void {
  if (!declared || resizeSize !== undefined || cropSize !== undefined) return
  const { width, height } = sidesOf(declared)
  const { short } = declaredSteps(declared)
  const treatment =
    short === undefined
      ? `resized to ${width} × ${height} (width × height)`
      : `resized to ${short} pixels on the shorter side and cropped to ${width} × ${height}`
  const source =
    declared.width > 0 && declared.height > 0
      ? 'the size that its program declares'
      : `as its program declares a ${declared.width > 0 ? 'width' : 'height'} of ${width} and leaves the other side open`
  const text = wording`No file beside ${model} says how to feed it. Images are ${treatment}, ${source}, and normalised as for ImageNet.
If it was trained otherwise, put its inference.yml beside it, or set ${{ option: 'resizeSize' }} and ${{ option: 'cropSize' }}.`
  warn(onWarning, createWarning('PREPROCESSING_ASSUMED', text))
}

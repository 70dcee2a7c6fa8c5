import { PaddleError } from '../../errors.js'
import { planClassifier } from '../../tasks/index.js'

/**
 * Whether the sizes fit together, and with those that the model's `inference.yml` has: `true`, or what is wrong. What is wrong
 * with the model is not told here.
 */
export async function fitSizes(
  modelDir: string,
  sizes: { resizeSize?: number | undefined; cropSize?: number | undefined },
): Promise<true | string> {
  try {
    await planClassifier(modelDir, sizes)
    return true
  } catch (error) {
    if (error instanceof PaddleError) return true
    if (error instanceof RangeError) return asFlags(error.message)
    throw error
  }
}

function asFlags(message: string): string {
  return message
    .replaceAll('`cropSize`', '--crop-size')
    .replaceAll('`resizeSize`', '--resize-size')
    .replace(/got `(\d+)` \(number\)/, 'got $1')
}

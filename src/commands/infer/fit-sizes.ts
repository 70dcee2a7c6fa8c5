import { PaddleError } from '../../errors.js'
import { planClassifier, type ClassifierOptions } from '../../tasks/index.js'

/**
 * Whether what is asked of a classifier fits together, and with what the model's own file says: `true`, or what is wrong. What is wrong
 * with the model is not told here.
 */
export async function fitSizes(
  modelDir: string,
  asked: Pick<ClassifierOptions, 'resizeSize' | 'cropSize' | 'topK' | 'threshold' | 'params'>,
): Promise<true | string> {
  try {
    await planClassifier(modelDir, asked)
    return true
  } catch (error) {
    if (error instanceof PaddleError) return true
    if (error instanceof RangeError || error instanceof TypeError) return asFlags(error.message)
    throw error
  }
}

const flags = {
  cropSize: '--crop-size',
  resizeSize: '--resize-size',
  topK: '--topk',
  threshold: '--threshold',
} as const

function asFlags(message: string): string {
  return Object.entries(flags)
    .reduce((text, [name, flag]) => text.replaceAll(`\`${name}\``, flag), message)
    .replace(/got `(\d+)` \(number\)/, 'got $1')
}

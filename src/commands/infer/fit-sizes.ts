import { PaddleError } from '../../errors.js'
import { planClassifier, type ClassifierOptions } from '../../tasks/index.js'
import { findFlagError, type FlagWording } from '../in-flags.js'

/**
 * Whether what is asked of a classifier fits together, and with what the model's own file says: `true`, or what is wrong. What is wrong
 * with the model is not told here.
 */
export async function checkClassifierSizes(
  modelDir: string,
  asked: Pick<ClassifierOptions, 'resizeSize' | 'cropSize' | 'topK' | 'threshold' | 'params'>,
): Promise<true | FlagWording> {
  return findFlagError(() =>
    planClassifier(modelDir, asked).catch((error: unknown) => {
      if (!(error instanceof PaddleError)) throw error
    }),
  )
}

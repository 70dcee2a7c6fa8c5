import { PaddleError } from '../errors.js'

/** The error for an `inference.yml` that cannot be used. */
export function invalidConfigError(file: string, what: string, cause?: unknown): PaddleError {
  const message = `${file} is not valid: ${what}.\nCorrect the file.`
  return new PaddleError('MODEL_CONFIG_INVALID', message, { cause })
}

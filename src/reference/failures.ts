import { importError, installAdvice, type Interpreter } from '../environment/index.js'
import { PaddleError } from '../errors.js'
import { describeDeath, type Death } from '../python/index.js'

/** The names under which pip knows what is imported. */
const packages: Readonly<Record<string, string>> = { cv2: 'opencv-python-headless', PIL: 'pillow' }

/** A package that plain Python needs is not there, or cannot be imported. */
export function referenceUnavailable(
  { path, source }: Interpreter,
  { module, type, message }: { module: string; type: string; message: string },
): PaddleError {
  if (module === 'paddle') return importError(path, { type, message }, source)
  // A managed one of another version, or with a wheel of one's own, has paddle and what it requires alone.
  const remedy =
    source === 'managed'
      ? 'Go back to the default one, which has it (paddle-ts setup --device cpu --force), or name a Python that has it and paddle: --python PATH'
      : installAdvice(source, packages[module] ?? module)
  return new PaddleError('REFERENCE_UNAVAILABLE', `${path} cannot import ${module}: ${message}.`, {
    advice: remedy,
  })
}

/** The process ended where an answer was due. */
export function ended(path: string, doing: string, death: Death): PaddleError {
  return new PaddleError('REFERENCE_FAILED', `${path} ${describeDeath(death, ` ${doing}`)}`, {
    advice: 'Run the model in a Python script of your own: what fails there is not for paddle-ts to compare.',
  })
}

/** What plain Python made of a request was an exception. */
export function failed(doing: string, message: string): PaddleError {
  return new PaddleError('REFERENCE_FAILED', `Plain Python failed ${doing}: ${message.trimEnd()}`)
}

/** OpenCV or Pillow cannot read the image. */
export function unreadable(image: string, message: string): PaddleError {
  return new PaddleError('IMAGE_UNREADABLE', `Plain Python cannot read ${image}: ${message}.`, {
    advice: 'Convert it to JPEG or PNG to compare it.',
  })
}

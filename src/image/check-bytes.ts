import { PaddleError } from '../errors.js'
import { unknownFormat } from './decode-failure.js'
import { hasImageSignature } from './signature.js'

/** The most bytes that a file may have: what Node reads at once. */
export const mostBytes = 2 ** 31 - 1

/** @throws PaddleError IMAGE_UNREADABLE, IMAGE_TOO_LARGE */
export function checkBytes(name: string, bytes: number): void {
  if (bytes === 0) throw unreadable(`${name} is empty (0 bytes).\nReplace it with a whole image.`)
  if (bytes <= mostBytes) return
  throw new PaddleError('IMAGE_TOO_LARGE', `${name} has ${bytes} bytes, above the limit of ${mostBytes}.`, {
    advice: 'Make it smaller.',
  })
}

/** @throws PaddleError IMAGE_UNREADABLE when they do not begin as a file of one of the formats that are read */
export function checkSignature(name: string, bytes: Uint8Array): void {
  if (!hasImageSignature(bytes)) throw unknownFormat(name)
}

export function unreadable(message: string, cause?: unknown): PaddleError {
  return new PaddleError('IMAGE_UNREADABLE', message, { cause })
}

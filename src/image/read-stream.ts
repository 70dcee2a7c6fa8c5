import { messageOf, PaddleError, wrongType } from '../errors.js'
import { checkBytes, checkSignature, mostBytes, unreadable } from './check-bytes.js'
import { signatureBytes } from './signature.js'
import { isBytes, type ImageStream } from './source-kinds.js'

/**
 * Reads a stream to its end, into memory of its own. One that does not begin as an image does, that grows above the limit or fails is
 * ended at once, which closes what it reads from.
 *
 * @throws PaddleError IMAGE_UNREADABLE, IMAGE_TOO_LARGE; TypeError when it carries anything but bytes
 */
export async function readStream(name: string, stream: ImageStream, most = mostBytes): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  let isKnown = false
  let wrong: TypeError | undefined
  try {
    for await (const chunk of stream as AsyncIterable<unknown>) {
      if (!isBytes(chunk)) throw (wrong = wrongType('image', 'a stream of Uint8Arrays', chunk))
      // Whoever gives them may use their memory again.
      chunks.push(new Uint8Array(chunk))
      size += chunk.length
      if (size > most) throw tooLarge(name, most)
      if (isKnown || size < signatureBytes) continue
      checkSignature(name, beginning(chunks))
      isKnown = true
    }
  } catch (error) {
    // Streams of the web fail with a TypeError when the network does.
    throw error instanceof PaddleError || error === wrong ? error : notRead(name, error)
  }
  // What is empty has most likely been read before.
  if (size === 0) throw unreadable(`${name} is empty (0 bytes).\nGive a stream that nobody has read from.`)
  checkBytes(name, size)
  const bytes = joined(chunks, size)
  checkSignature(name, bytes)
  return bytes
}

function beginning(chunks: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(chunks, Math.min(signatureBytes, lengthOf(chunks)))
}

function lengthOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0)
}

/** Lets go of each part once it is copied. */
function joined(chunks: Uint8Array[], size: number): Uint8Array {
  const [only] = chunks
  if (only && chunks.length === 1) return only
  const bytes = new Uint8Array(size)
  let at = 0
  for (let chunk = chunks.shift(); chunk; chunk = chunks.shift()) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

function tooLarge(name: string, most: number): PaddleError {
  return new PaddleError(
    'IMAGE_TOO_LARGE',
    `${name} has more than ${most} bytes, the limit.\nGive a smaller image.`,
  )
}

function notRead(name: string, cause: unknown): PaddleError {
  const [why = ''] = messageOf(cause).split('\n', 1)
  const message = `${name} cannot be read: ${why.replace(/\.$/, '')}.\nGive a stream that can be read to its end.`
  return unreadable(message, cause)
}

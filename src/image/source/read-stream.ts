import { Readable } from 'node:stream'
import { listenForAbort } from '../../async/index.js'
import { PaddleError, shortMessageOf, wrongType } from '../../errors.js'
import { limitedMemory } from '../../out-of-memory.js'
import { isBytes, isWebStream, type ImageStream } from './image-source.js'
import { checkBytes, checkSignature, mostBytes, signatureBytes, unreadable } from './read-file.js'

/** The initial capacity. */
const firstRoom = 2 ** 16

/**
 * Reads a stream to its end into memory of its own. Destroys it at once if it does not begin like an image,
 * exceeds the limit or fails; `signal` also destroys a Node or web stream that has not ended.
 *
 * @throws PaddleError IMAGE_UNREADABLE, IMAGE_TOO_LARGE; TypeError for chunks other than bytes; the signal's
 * reason
 */
export async function readStream(
  name: string,
  stream: ImageStream,
  { most = mostBytes, signal }: { readonly most?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<Uint8Array> {
  signal?.throwIfAborted()
  let readable: ReturnType<typeof asReadable> | undefined
  const end = (): void => void readable?.destroy?.()
  const stopListening = listenForAbort(signal, end)
  let bytes = new Uint8Array(firstRoom)
  let size = 0
  let isKnown = false
  let invalidChunk: TypeError | undefined
  try {
    readable = asReadable(stream)
    for await (const chunk of readable) {
      if (!isBytes(chunk)) throw (invalidChunk = wrongType('image', 'a stream of Uint8Arrays', chunk))
      const next = size + chunk.length
      if (next > most) throw tooLarge(name, most)
      if (next > bytes.length) bytes = grown(bytes, size, next)
      // Copied: the source may reuse the memory of a chunk.
      bytes.set(chunk, size)
      size = next
      if (isKnown || size < signatureBytes) continue
      checkSignature(name, bytes.subarray(0, signatureBytes))
      isKnown = true
    }
  } catch (error) {
    signal?.throwIfAborted()
    // Web streams fail with a TypeError when the network does.
    throw error instanceof PaddleError || error === invalidChunk ? error : notRead(name, error)
  } finally {
    stopListening()
  }
  // An empty stream has most likely been read before.
  if (size === 0) throw unreadable(`${name} is empty (0 bytes).\nPass a stream that has not been read yet.`)
  checkBytes(name, size)
  bytes = bytes.slice(0, size)
  checkSignature(name, bytes)
  return bytes
}

/** At least doubles the capacity, so that small chunks are not copied repeatedly. */
function grown(bytes: Uint8Array, size: number, least: number): Uint8Array<ArrayBuffer> {
  const room = new Uint8Array(Math.max(2 * bytes.length, least))
  room.set(bytes.subarray(0, size))
  return room
}

/** Converts web streams to Node streams, which can be destroyed while waiting. */
function asReadable(stream: ImageStream): AsyncIterable<unknown> & { destroy?: () => unknown } {
  return isWebStream(stream) ? Readable.fromWeb(stream, { objectMode: true }) : stream
}

function tooLarge(name: string, most: number): PaddleError {
  return new PaddleError('IMAGE_TOO_LARGE', `${name} has more bytes than the limit of ${most}.`, {
    advice: 'Give a smaller image.',
  })
}

function notRead(name: string, cause: unknown): PaddleError {
  const limited = limitedMemory(`${name} cannot be read`, cause)
  if (limited) return limited
  const why = shortMessageOf(cause)
  const message = `${name} cannot be read: ${why.replace(/\.$/, '')}.\nGive a stream that can be read to its end.`
  return unreadable(message, cause)
}

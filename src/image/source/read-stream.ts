import { Readable } from 'node:stream'
import { listenForAbort } from '../../async/index.js'
import { PaddleError, shortMessageOf, wrongType } from '../../errors.js'
import { isBytes, isWebStream, type ImageStream } from './image-source.js'
import { checkBytes, checkSignature, mostBytes, signatureBytes, unreadable } from './read-file.js'

/** Room for what comes first. */
const firstRoom = 2 ** 16

/**
 * Reads a stream to its end, into memory of its own. One that does not begin as an image does, that grows above the limit or fails is
 * ended at once, which closes what it reads from; so is a stream of Node or of the web that is not at its end when `signal` fires.
 *
 * @throws PaddleError IMAGE_UNREADABLE, IMAGE_TOO_LARGE; TypeError when it carries anything but bytes; the signal's reason
 */
export async function readStream(
  name: string,
  stream: ImageStream,
  { most = mostBytes, signal }: { readonly most?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<Uint8Array> {
  signal?.throwIfAborted()
  let readable: ReturnType<typeof asReadable> | undefined
  const end = (): void => void readable?.destroy?.()
  const forget = listenForAbort(signal, end)
  let bytes = new Uint8Array(firstRoom)
  let size = 0
  let isKnown = false
  let wrong: TypeError | undefined
  try {
    readable = asReadable(stream)
    for await (const chunk of readable) {
      if (!isBytes(chunk)) throw (wrong = wrongType('image', 'a stream of Uint8Arrays', chunk))
      const next = size + chunk.length
      if (next > most) throw tooLarge(name, most)
      if (next > bytes.length) bytes = grown(bytes, size, next)
      // Whoever gives them may use their memory again.
      bytes.set(chunk, size)
      size = next
      if (isKnown || size < signatureBytes) continue
      checkSignature(name, bytes.subarray(0, signatureBytes))
      isKnown = true
    }
  } catch (error) {
    signal?.throwIfAborted()
    // Streams of the web fail with a TypeError when the network does.
    throw error instanceof PaddleError || error === wrong ? error : notRead(name, error)
  } finally {
    forget()
  }
  // What is empty has most likely been read before.
  if (size === 0) throw unreadable(`${name} is empty (0 bytes).\nGive a stream that nobody has read from.`)
  checkBytes(name, size)
  bytes = bytes.slice(0, size)
  checkSignature(name, bytes)
  return bytes
}

/** Twice the room, so that small parts are not copied again and again. */
function grown(bytes: Uint8Array, size: number, least: number): Uint8Array<ArrayBuffer> {
  const room = new Uint8Array(Math.max(2 * bytes.length, least))
  room.set(bytes.subarray(0, size))
  return room
}

/** Streams of the web as Node's, which can be ended while they are waited for. */
function asReadable(stream: ImageStream): AsyncIterable<unknown> & { destroy?: () => unknown } {
  return isWebStream(stream) ? Readable.fromWeb(stream, { objectMode: true }) : stream
}

function tooLarge(name: string, most: number): PaddleError {
  return new PaddleError('IMAGE_TOO_LARGE', `${name} has more than ${most} bytes, the limit.`, {
    advice: 'Give a smaller image.',
  })
}

function notRead(name: string, cause: unknown): PaddleError {
  const why = shortMessageOf(cause)
  const message = `${name} cannot be read: ${why.replace(/\.$/, '')}.\nGive a stream that can be read to its end.`
  return unreadable(message, cause)
}

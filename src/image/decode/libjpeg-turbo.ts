import { existsSync } from 'node:fs'
import { loadKoffi } from '../../load-koffi.js'
import type { Size } from '../../model/index.js'
import { outsideArchive } from '../../outside-archive.js'
import { packageFile } from '../../package-files.js'

/** `TJPF_RGB` */
const RGB = 0
/** `TJFLAG_ACCURATEDCT`: the inverse transform that Pillow and OpenCV use. */
const ACCURATE = 4096
/** `TJCS_RGB`, `TJCS_YCbCr` and `TJCS_GRAY`; higher numbers are CMYK. */
const lastColourSpace = 2

type Handle = unknown

/** An output parameter for a number. */
type Out = [number]

interface Library {
  readonly open: () => Handle
  readonly header: (
    handle: Handle,
    bytes: Uint8Array,
    length: number,
    width: Out,
    height: Out,
    subsampling: Out,
    colourSpace: Out,
  ) => number
  readonly decompress: {
    async(
      handle: Handle,
      bytes: Uint8Array,
      length: number,
      target: Uint8Array,
      width: number,
      pitch: number,
      height: number,
      format: number,
      flags: number,
      done: (error: Error | null, result: number) => void,
    ): void
  }
}

/** Free decoders. A decoder processes one image at a time. */
const idle: Handle[] = []

/** The size of an RGB or grey JPEG; undefined for anything else, and if libjpeg-turbo is not available. */
export function turboSize(bytes: Uint8Array): Size | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined
  const turbo = library()
  if (!turbo) return undefined
  const handle = idle.pop() ?? turbo.open()
  const [width, height, subsampling, colourSpace] = [[0], [0], [0], [0]] as [Out, Out, Out, Out]
  const result = turbo.header(handle, bytes, bytes.byteLength, width, height, subsampling, colourSpace)
  idle.push(handle)
  if (result !== 0 || colourSpace[0] > lastColourSpace) return undefined
  return { width: width[0], height: height[0] }
}

/**
 * Decodes a JPEG in a thread of libuv's pool, to the same pixels as Pillow (`tjDecompress2`).
 *
 * @param size - the image's size, or that divided by 2, 4 or 8 and rounded up to reduce it while decoding
 * @param target - holds 3 bytes a pixel
 * @returns false for any error or warning of libjpeg-turbo
 */
export async function turboDecode(bytes: Uint8Array, size: Size, target: Uint8Array): Promise<boolean> {
  const turbo = library()
  if (!turbo) return false
  const { width, height } = size
  if (target.length < 3 * width * height) throw new RangeError(`No room for ${width} × ${height} pixels.`)
  const handle = idle.pop() ?? turbo.open()
  try {
    return await new Promise((resolve, reject) => {
      turbo.decompress.async(
        handle,
        bytes,
        bytes.byteLength,
        target,
        width,
        0,
        height,
        RGB,
        ACCURATE,
        (error, result) => {
          if (error) reject(error)
          else resolve(result === 0)
        },
      )
    })
  } finally {
    idle.push(handle)
  }
}

let loaded: Library | null | undefined

/** Whether this package has a libjpeg-turbo for this platform that can be loaded. */
export function hasTurbo(): boolean {
  return library() !== undefined
}

/** The shared library that the package contains for Linux on x64 and arm64. Elsewhere sharp decodes. */
function library(): Library | undefined {
  if (loaded === undefined) loaded = load() ?? null
  return loaded ?? undefined
}

function load(): Library | undefined {
  try {
    const path = packageFile('dist', 'libturbojpeg', `${process.platform}-${process.arch}.so`)
    if (!existsSync(path)) return undefined
    const found = loadKoffi().load(outsideArchive(path))
    return {
      open: found.func('void *tjInitDecompress()'),
      header: found.func(
        'int tjDecompressHeader3(void *handle, const void *bytes, unsigned long length, _Out_ int *width, _Out_ int *height, ' +
          '_Out_ int *subsampling, _Out_ int *colourSpace)',
      ),
      decompress: found.func(
        'int tjDecompress2(void *handle, const void *bytes, unsigned long length, void *target, int width, int pitch, ' +
          'int height, int format, int flags)',
      ),
    }
  } catch {
    return undefined // Built for another C library, or bundled: `doctor` reports it.
  }
}

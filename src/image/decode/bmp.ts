import { setImmediate as nextTurn } from 'node:timers/promises'
import { PaddleError } from '../../errors.js'
import type { Preprocessing, Size } from '../../model/index.js'
import type { RgbImage } from '../preprocess/normalise.js'
import { unsupportedKind } from './decode-errors.js'

// libvips, and so sharp, reads no BMP, and no package of npm has the pixels of OpenCV and Pillow: bmp-ts 1.0.9 differs
// in 12 of the 26 kinds of tests/integration/bmp-parity.test.ts, and the others read fewer kinds.

/** The header of a BMP file. */
interface BmpHeader extends Size {
  readonly isTopDown: boolean
  readonly bits: 1 | 4 | 8 | 16 | 24 | 32
  /** Where the pixels begin. */
  readonly start: number
  /** The bytes of a row, a multiple of four. */
  readonly pitch: number
  /** R, G and B of each colour; colours that the file does not list are black. */
  readonly palette: Uint8Array
  readonly masks: readonly Mask[]
}

/** The bits of R, G or B in a pixel of 16 or 32 bits. */
interface Mask {
  readonly shift: number
  readonly bits: number
}

/** A BMP file that can be decoded. */
export interface BmpFile {
  readonly size: Size
  /** @param as - the library whose pixels to reproduce: they differ in 16 bits */
  readonly decode: (as: Preprocessing['decode']) => Promise<RgbImage>
}

/** The header that OS/2 wrote, without negative heights, compression and the fourth byte of a colour. */
const os2Bytes = 12
const fileHeaderBytes = 14

/**
 * Reads the header of an uncompressed BMP of 1, 4, 8, 16, 24 or 32 bits; undefined for another format.
 *
 * @throws PaddleError IMAGE_UNREADABLE
 */
export function readBmp(name: string, bytes: Uint8Array): BmpFile | undefined {
  if (bytes[0] !== 0x42 || bytes[1] !== 0x4d) return undefined
  const header = headerOf(name, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const { width, height } = header
  if (header.start + header.pitch * height > bytes.length) throw damaged(name)
  return { size: { width, height }, decode: (as) => decode(bytes, header, as) }
}

function headerOf(name: string, file: DataView): BmpHeader {
  try {
    const headerBytes = file.getUint32(fileHeaderBytes, true)
    const isOs2 = headerBytes === os2Bytes
    const width = isOs2 ? file.getUint16(18, true) : file.getInt32(18, true)
    const height = isOs2 ? file.getUint16(20, true) : file.getInt32(22, true)
    const bits = file.getUint16(isOs2 ? 24 : 28, true)
    const compression = isOs2 ? none : file.getUint32(30, true)
    if (width <= 0 || height === 0) throw damaged(name)
    if (!isDepth(bits)) throw unsupportedKind(name, `a BMP of ${bits} bits a pixel`)
    const masks = masksOf(name, file, bits, compression)
    const listed = isOs2 ? 0 : file.getUint32(46, true)
    return {
      ...{ width, height: Math.abs(height), isTopDown: height < 0, bits, masks },
      start: file.getUint32(10, true),
      pitch: 4 * Math.ceil((width * bits) / 32),
      palette: paletteOf(file, fileHeaderBytes + headerBytes, {
        colours: bits > 8 ? 0 : Math.min(listed || 2 ** bits, 2 ** bits),
        entryBytes: isOs2 ? 3 : 4,
      }),
    }
  } catch (error) {
    throw error instanceof PaddleError ? error : damaged(name, error)
  }
}

const none = 0
const runLengths: readonly number[] = [1, 2]
const bitFields = 3

function isDepth(bits: number): bits is BmpHeader['bits'] {
  return [1, 4, 8, 16, 24, 32].includes(bits)
}

const usualMasks: Readonly<Record<number, readonly number[]>> = {
  16: [0x7c00, 0x3e0, 0x1f],
  32: [0xff0000, 0xff00, 0xff],
}

function masksOf(
  name: string,
  file: DataView,
  bits: BmpHeader['bits'],
  compression: number,
): readonly Mask[] {
  if (runLengths.includes(compression)) throw unsupportedKind(name, 'a BMP compressed with RLE')
  const hasMasks = compression === bitFields && (bits === 16 || bits === 32)
  if (compression !== none && !hasMasks)
    throw unsupportedKind(name, `a BMP with the compression ${compression}`)
  const masks = hasMasks ? [54, 58, 62].map((at) => file.getUint32(at, true)) : (usualMasks[bits] ?? [])
  return masks.map((mask) => {
    const shift = 31 - Math.clz32(mask & -mask)
    const run = 32 - Math.clz32(mask >>> shift)
    const isRun = mask !== 0 && mask >>> shift === 2 ** run - 1
    if (!isRun || (bits === 16 ? run < 5 || run > 6 : run !== 8))
      throw unsupportedKind(name, `a BMP with the bit mask 0x${mask.toString(16)}`)
    return { shift, bits: run }
  })
}

function paletteOf(
  file: DataView,
  start: number,
  { colours, entryBytes }: { readonly colours: number; readonly entryBytes: number },
): Uint8Array {
  const palette = new Uint8Array(3 * 256)
  for (let colour = 0; colour < colours; colour += 1) {
    // Blue comes first.
    for (let channel = 0; channel < 3; channel += 1)
      palette[3 * colour + channel] = file.getUint8(start + entryBytes * colour + 2 - channel)
  }
  return palette
}

function damaged(name: string, cause?: unknown): PaddleError {
  return new PaddleError('IMAGE_UNREADABLE', `${name} cannot be decoded: the BMP ends too early.`, {
    cause,
    advice: 'The file is incomplete or damaged: replace it.',
  })
}

/** The pixels to decode before yielding to the event loop: a few milliseconds. */
const turn = 2 ** 19

async function decode(bytes: Uint8Array, header: BmpHeader, as: Preprocessing['decode']): Promise<RgbImage> {
  const { width, height, isTopDown, start, pitch } = header
  const data = new Uint8Array(3 * width * height)
  const write = writerFor(header, as)
  for (let row = 0, decoded = 0; row < height; row += 1, decoded += width) {
    if (decoded >= turn) {
      await nextTurn()
      decoded = 0
    }
    const from = start + pitch * (isTopDown ? row : height - 1 - row)
    write(bytes.subarray(from, from + pitch), data, 3 * width * row, width)
  }
  return { width, height, data }
}

/** Writes the RGB of a row. */
type RowWriter = (row: Uint8Array, rgb: Uint8Array, to: number, width: number) => void

function writerFor({ bits, palette, masks }: BmpHeader, as: Preprocessing['decode']): RowWriter {
  if (bits === 24) return writeBgr
  if (bits > 8) return masked(bits / 8, masks, as)
  return (row, rgb, to, width) => {
    for (let x = 0, at = to; x < width; x += 1, at += 3) {
      const bit = x * bits
      const index = ((row[bit >> 3] ?? 0) >> (8 - bits - (bit & 7))) & (2 ** bits - 1)
      for (let channel = 0; channel < 3; channel += 1) rgb[at + channel] = palette[3 * index + channel] ?? 0
    }
  }
}

function writeBgr(row: Uint8Array, rgb: Uint8Array, to: number, width: number): void {
  for (let from = 0, at = to; from < 3 * width; from += 3, at += 3) {
    rgb[at] = row[from + 2] ?? 0
    rgb[at + 1] = row[from + 1] ?? 0
    rgb[at + 2] = row[from] ?? 0
  }
}

/** OpenCV fills up 5 and 6 bits with zeros; Pillow scales them to 255. Both ignore alpha. */
function masked(pixelBytes: number, masks: readonly Mask[], as: Preprocessing['decode']): RowWriter {
  const tables = masks.map(({ bits }) =>
    Uint8Array.from({ length: 2 ** bits }, (_, value) =>
      as === 'opencv' ? value << (8 - bits) : Math.floor((value * 255) / (2 ** bits - 1)),
    ),
  )
  return (row, rgb, to, width) => {
    for (let x = 0, at = to; x < width; x += 1) {
      let pixel = 0
      for (let byte = pixelBytes - 1; byte >= 0; byte -= 1)
        pixel = (pixel << 8) | (row[x * pixelBytes + byte] ?? 0)
      for (const [channel, { shift, bits }] of masks.entries())
        rgb[at++] = tables[channel]?.[(pixel >>> shift) & (2 ** bits - 1)] ?? 0
    }
  }
}

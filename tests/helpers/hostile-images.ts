/** Image files with false headers, or with more data than they seem to have. */
import { crc32, deflateSync } from 'node:zlib'

const channelsOf = { 0: 1, 2: 3, 6: 4 } as const

/** A PNG of zeros with `rows` rows of data; colour 0 is grey, 2 RGB, 6 RGBA. */
export function makePng(
  width: number,
  height: number,
  { depth = 8, colour = 0, rows = height }: { depth?: number; colour?: 0 | 2 | 6; rows?: number } = {},
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = depth
  header[9] = colour
  const row = 1 + Math.ceil((width * channelsOf[colour] * depth) / 8)
  const pixels = deflateSync(Buffer.alloc(row * rows), { level: 1 })
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

function pngChunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(data.length, 0)
  ends.writeUInt32BE(crc32(named), 4)
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)])
}

/** A JPEG whose header has another size. */
export function jpegOfSize(jpeg: Buffer, width: number, height: number): Buffer {
  const result = Buffer.from(jpeg)
  for (let at = 2; ; at += 2 + result.readUInt16BE(at + 2)) {
    const marker = result.readUInt16BE(at)
    if (marker !== 0xffc0 && marker !== 0xffc2) continue
    result.writeUInt16BE(height, at + 5)
    result.writeUInt16BE(width, at + 7)
    return result
  }
}

/** A progressive JPEG whose last scan is repeated `scans` times. */
export function manyScans(progressive: Buffer, scans: number): Buffer {
  const scan = progressive.subarray(progressive.lastIndexOf(Buffer.from([0xff, 0xda])), -2)
  return Buffer.concat([
    progressive.subarray(0, -2),
    ...Array<Buffer>(scans).fill(scan),
    progressive.subarray(-2),
  ])
}

/** A complete HEIF file with one HEVC image that has no data but its frame. */
export function makeHeic(): Buffer {
  const coded = Buffer.alloc(32, 1)
  const before = (offset: number): Buffer =>
    Buffer.concat([
      box('ftyp', 'heic', bytes(0, 0, 0, 0), 'mif1', 'heic'),
      box(
        'meta',
        bytes(0, 0, 0, 0),
        box('hdlr', Buffer.alloc(8), 'pict', Buffer.alloc(13)),
        box('pitm', bytes(0, 0, 0, 0, 0, 1)),
        box('iloc', bytes(0, 0, 0, 0, 0x44, 0, 0, 1, 0, 1, 0, 0, 0, 1), long(offset), long(coded.length)),
        box('iinf', bytes(0, 0, 0, 0, 0, 1), box('infe', bytes(2, 0, 0, 0, 0, 1, 0, 0), 'hvc1', bytes(0))),
        box(
          'iprp',
          box(
            'ipco',
            box('ispe', bytes(0, 0, 0, 0), long(64), long(64)),
            box(
              'hvcC',
              bytes(
                1,
                1,
                0x60,
                0,
                0,
                0,
                0x90,
                0,
                0,
                0,
                0,
                0,
                90,
                0xf0,
                0,
                0xfc,
                0xfd,
                0xf8,
                0xf8,
                0,
                0,
                0x0f,
                0,
              ),
            ),
          ),
          box('ipma', bytes(0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 1, 0x82)),
        ),
      ),
    ])
  return Buffer.concat([before(before(0).length + 8), box('mdat', coded)])
}

const bytes = (...values: number[]): Buffer => Buffer.from(values)

function long(value: number): Buffer {
  const result = Buffer.alloc(4)
  result.writeUInt32BE(value)
  return result
}

function box(type: string, ...content: (Buffer | string)[]): Buffer {
  const inner = Buffer.concat(content.map((part) => Buffer.from(part as string, 'latin1')))
  return Buffer.concat([long(inner.length + 8), Buffer.from(type, 'latin1'), inner])
}

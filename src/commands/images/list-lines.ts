import { decodeGb18030, decodeText, notUtf8, utf16Of } from '../../text-file.js'
import { logWarning } from '../terminal/log-warning.js'

/** Splits chunks of bytes into lines; called without one at the end. */
type Splitter = (chunk?: Uint8Array) => readonly string[]

/** The bytes that tell UTF-16 from other encodings; no line with its end is shorter. */
const markBytes = 2

/**
 * Yields the lines of a list as they arrive, without empty ones; each ends with CR, LF or both. The encodings
 * are those of text files; a byte order mark is not part of a line.
 *
 * @param onNotUtf8 - called with the warning for a list that is read as GB18030, once
 */
export async function* listLines(
  input: AsyncIterable<Uint8Array>,
  onNotUtf8 = logWarning,
): AsyncGenerator<string, void, undefined> {
  let split: Splitter | undefined
  let first: Uint8Array = new Uint8Array()
  for await (const chunk of input) {
    if (split) {
      yield* split(chunk)
      continue
    }
    first = Buffer.concat([first, chunk])
    if (first.length < markBytes) continue
    split = splitterFor(first, onNotUtf8)
    yield* split(first)
  }
  if (!split) {
    split = splitterFor(first, onNotUtf8)
    yield* split(first)
  }
  yield* split()
}

function splitterFor(first: Uint8Array, onNotUtf8: typeof logWarning): Splitter {
  const marked = utf16Of(first)
  return marked === undefined ? byteSplitter(onNotUtf8) : textSplitter(marked)
}

function textSplitter(encoding: string): Splitter {
  const decoder = new TextDecoder(encoding)
  let rest = ''
  return (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: chunk !== undefined })).split(/[\r\n]/)
    rest = chunk ? (lines.pop() ?? '') : ''
    return lines.filter((line) => line !== '')
  }
}

/** Splits before decoding: CR and LF are no part of another character in UTF-8 and GB18030. */
function byteSplitter(onNotUtf8: typeof logWarning): Splitter {
  let rest: Uint8Array = new Uint8Array()
  const decode = lineDecoder(onNotUtf8)
  return (chunk) => {
    const bytes = chunk ? Buffer.concat([rest, chunk]) : rest
    const lines: Uint8Array[] = []
    let start = 0
    for (let at = 0; at < bytes.length; at += 1) {
      if (bytes[at] !== 0x0a && bytes[at] !== 0x0d) continue
      lines.push(bytes.subarray(start, at))
      start = at + 1
    }
    rest = bytes.subarray(start)
    if (!chunk) lines.push(rest)
    return decode(lines).filter((line) => line !== '')
  }
}

/**
 * Decodes the lines that arrived together. Bytes of GB18030 can be valid UTF-8 by chance (“图片”), so lines are
 * read as GB18030 where at least half of all lines so far that are not ASCII are not UTF-8.
 */
function lineDecoder(onNotUtf8: typeof logWarning): (lines: readonly Uint8Array[]) => readonly string[] {
  let [valid, invalid] = [0, 0]
  return (lines) => {
    const isFirst = invalid === 0
    const decoded = lines.map((bytes) => ({ bytes, ...decodeText(bytes) }))
    for (const { bytes, isGuessed } of decoded) {
      if (isGuessed) invalid += 1
      else if (bytes.some((byte) => byte > 0x7f)) valid += 1
    }
    if (isFirst && invalid > 0) onNotUtf8(notUtf8('The list on standard input'))
    const isOther = invalid > 0 && invalid >= valid
    return decoded.map(({ bytes, text }) => {
      // An image whose name is in neither encoding is reported as missing, with the reason.
      return (isOther ? decodeGb18030(bytes) : undefined) ?? text ?? Buffer.from(bytes).toString()
    })
  }
}

import type { PredictorWarning } from './warnings.js'
import { createWarning } from './warnings.js'

/** The text of a file. */
export interface DecodedText {
  readonly text: string
  /** Whether the bytes are not UTF-8, so that the encoding is a guess. */
  readonly isGuessed: boolean
}

/** What a text file may be, for messages. */
export const textEncodings = 'UTF-8, UTF-16 with a byte order mark, or GB18030'

/**
 * Decodes a text file: UTF-8, or UTF-16 with a byte order mark. Other bytes are decoded as GB18030 if they are
 * valid: its subset GBK is what Chinese Windows writes by default. A byte order mark is not part of the text.
 *
 * @returns undefined for bytes in none of these encodings
 */
export function decodeText(bytes: Uint8Array): DecodedText | undefined {
  const marked = utf16Of(bytes)
  const text = decode(marked ?? 'utf-8', bytes)
  if (text !== undefined) return { text, isGuessed: false }
  const guessed = marked === undefined ? decodeGb18030(bytes) : undefined
  return guessed === undefined ? undefined : { text: guessed, isGuessed: true }
}

/** The kind of UTF-16 whose byte order mark the bytes begin with. */
export function utf16Of([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined
}

/** @returns undefined for bytes that are not valid GB18030 */
export function decodeGb18030(bytes: Uint8Array): string | undefined {
  return decode('gb18030', bytes)
}

function decode(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    // Also a Node without GB18030, which small ICU data lack.
    return undefined
  }
}

/** The warning for a text whose encoding is a guess. */
export function notUtf8(name: string): PredictorWarning {
  return createWarning(
    'TEXT_NOT_UTF8',
    `${name} is not UTF-8 and was read as GB18030: save it as UTF-8 if its text comes out wrong.`,
  )
}

import { callerRangeError, wrongType, wrongValue } from '../errors.js'
import { recognisedBytes } from '../file-signatures.js'
import { otherContent } from './other-files.js'

/** The format of a program. `pdmodel`: Paddle 2 and 3; `json`: Paddle 3; `__model__`: Paddle 1. */
export type ModelFormat = 'pdmodel' | 'json' | '__model__'

/** The files of one model. */
export interface ModelFiles {
  readonly format: ModelFormat
  /**
   * The file of the program; for a `__model__` with separate parameter files, the folder that contains them.
   */
  readonly program: string
  /** The file with all parameters; omitted for separate files and for a network without parameters. */
  readonly params?: string
  /** The other programs that matched, the next best first; omitted if there were none. */
  readonly passedOver?: readonly string[]
  /** Why the chosen program takes precedence over `passedOver`: a sentence. */
  readonly reason?: string
}

/** A model in memory: the bytes of its files. */
export interface ModelBuffers {
  /** The program: a `.pdmodel` (or `__model__`) or a `.json`. */
  readonly program: Uint8Array
  /** The parameters (`.pdiparams`); omitted for a network without any. */
  readonly params?: Uint8Array | undefined
}

/** Detects the format of a program: JSON begins with a brace, after optional white space. */
export function bufferFormat({ program }: ModelBuffers): 'json' | 'pdmodel' {
  const first = program.find((byte) => ![0x20, 0x09, 0x0a, 0x0d].includes(byte))
  return first === 0x7b ? 'json' : 'pdmodel'
}

/**
 * @throws TypeError or RangeError for anything but a Uint8Array, and for an empty or transferred one, or one
 * that is obviously something else
 */
export function checkBytes(name: string, value: unknown): asserts value is Uint8Array {
  // Compares the name: under some test runners arrays come from another realm. A Buffer has the same name.
  if (Object.prototype.toString.call(value) !== '[object Uint8Array]')
    throw wrongType(name, 'a Uint8Array', value)
  // The length of a detached array is 0 too.
  if ((value as Uint8Array).byteLength === 0) {
    throw wrongValue(name, 'the bytes of a model’s file (not empty, not transferred away)', value)
  }
  const beginning = String.fromCharCode(...(value as Uint8Array).subarray(0, recognisedBytes))
  const other = otherContent(name, beginning)
  if (other) {
    const expected = 'the bytes of a model’s file'
    throw callerRangeError(`Expected ${expected} for \`${name}\`, got ${other.what}.`, {
      argument: name,
      expected,
      got: value,
    })
  }
}

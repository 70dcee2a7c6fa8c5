import { wrongType, wrongValue } from '../errors.js'

/** How a program is stored. `pdmodel`: Paddle 2 and 3; `json`: Paddle 3; `__model__`: Paddle 1. */
export type ModelFormat = 'pdmodel' | 'json' | '__model__'

/** The files of one model. */
export interface ModelFiles {
  readonly format: ModelFormat
  /** The program's file; for a `__model__` with separate parameter files, the folder that holds them all. */
  readonly program: string
  /** The file of all parameters; left out for separate files, and for a network without parameters. */
  readonly params?: string
  /** The programs that could have been meant too, the next best first; left out where there was no choice. */
  readonly passedOver?: readonly string[]
  /** Why the one that was taken comes before those: a sentence. */
  readonly reason?: string
}

/** A model in memory: the bytes of its files. */
export interface ModelBuffers {
  /** The program, in either format: `.pdmodel` (or `__model__`) or `.json`. */
  readonly program: Uint8Array
  /** The parameters (`.pdiparams`); left out for a network that has none. */
  readonly params?: Uint8Array | undefined
}

/** The format that a program's bytes are in: JSON begins with a brace, whatever space comes before it. */
export function bufferFormat({ program }: ModelBuffers): 'json' | 'pdmodel' {
  const first = program.find((byte) => ![0x20, 0x09, 0x0a, 0x0d].includes(byte))
  return first === 0x7b ? 'json' : 'pdmodel'
}

/** @throws TypeError or RangeError for what is no Uint8Array, is empty, or was transferred to another thread. */
export function checkBytes(name: string, value: unknown): asserts value is Uint8Array {
  // By its name: under some test runners arrays come from another realm. A Buffer says the same of itself.
  if (Object.prototype.toString.call(value) !== '[object Uint8Array]')
    throw wrongType(name, 'a Uint8Array', value)
  // A detached one is empty too.
  if ((value as Uint8Array).byteLength === 0) {
    throw wrongValue(name, 'the bytes of a model’s file (not empty, not transferred away)', value)
  }
}

import { stat } from 'node:fs/promises'
import { PaddleError } from '../../../errors.js'
import type { ImageResult, ResultForms } from '../../../tasks/index.js'
import { noResults } from '../resume/existing-results.js'
import { ResultFile } from './result-file.js'
import type { ResultSink } from './result-sink.js'

/** NumPy aligns the data to this number of bytes. */
const alignment = 64
/** Large enough for any shape: the header is rewritten with each row. */
const headerBytes = 2 * alignment

/**
 * Opens a NumPy file of float32 [images,values]. Row i is image i; an image with an error is a row of NaN.
 * The file is complete after each row, so `numpy.load` reads what a killed run has written.
 *
 * @throws PaddleError FILE_NOT_WRITTEN
 */
export async function openNpySink(output: string, forms: ResultForms<object>): Promise<ResultSink> {
  const kind = await stat(output).catch(() => undefined)
  // A pipe would wait for its reader, and could not be written all the same.
  if (kind?.isFile() === false && !kind.isDirectory()) {
    throw new PaddleError(
      'FILE_NOT_WRITTEN',
      `${output} cannot be written: the header of a .npy file is rewritten with each row.`,
      { advice: 'Use a regular file.' },
    )
  }
  return new NpySink(await ResultFile.open(output, { readable: false }), forms)
}

class NpySink implements ResultSink {
  readonly existing = noResults
  readonly resumeCommand = undefined
  readonly #file: ResultFile
  readonly #forms: ResultForms<object>
  #rows = 0
  /** The number of values in a row; undefined until the first vector. */
  #length: number | undefined

  constructor(file: ResultFile, forms: ResultForms<object>) {
    this.#file = file
    this.#forms = forms
  }

  async begin(): Promise<void> {
    await this.#file.begin(noResults)
    await this.#file.append(header(0, 0), undefined, 0)
  }

  async write(result: ImageResult): Promise<boolean> {
    const vector = result.error ? undefined : this.#forms.vector?.(result)
    this.#rows += 1
    if (vector && this.#length === undefined) {
      this.#length = vector.length
      for (let row = 1; row < this.#rows; row += 1) await this.#append(this.#failedRow())
    }
    if (this.#length !== undefined) await this.#append(vector ?? this.#failedRow())
    await this.#file.overwrite(header(this.#rows, this.#length ?? 0))
    return false
  }

  async end(): Promise<void> {
    await this.#file.sync()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file[Symbol.asyncDispose]()
  }

  #failedRow(): Float32Array {
    return new Float32Array(this.#length ?? 0).fill(NaN)
  }

  async #append({ buffer, byteOffset, byteLength }: Float32Array): Promise<void> {
    await this.#file.append(Buffer.from(buffer, byteOffset, byteLength))
  }
}

/** The header of format version 1.0 (numpy.lib.format). */
function header(rows: number, values: number): Buffer {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${values}), }`
  const before = Buffer.from('\x93NUMPY\x01\x00', 'latin1')
  const length = Buffer.alloc(2)
  length.writeUInt16LE(headerBytes - before.length - length.length)
  const padded = text.padEnd(headerBytes - before.length - length.length - 1)
  return Buffer.concat([before, length, Buffer.from(`${padded}\n`)])
}

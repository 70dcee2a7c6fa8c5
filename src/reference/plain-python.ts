import pLimit from 'p-limit'
import type { z } from 'zod'
import type { Interpreter } from '../environment/index.js'
import { abortedBy, PaddleError } from '../errors.js'
import { startScript, type Death, type Script } from '../python/index.js'
import { ended, failed, referenceUnavailable, unreadable } from './failures.js'
import { answerForm, helloForm } from './messages.js'
import type { PlainCase, PlainModel, PlainRun, PlainTensor } from './plain-run.js'

type Answer = Extract<z.infer<typeof answerForm>, { ok: true }> & { readonly values: PlainTensor[] }

/**
 * A Python process without anything of the worker in it: images are read with OpenCV or Pillow, and run with `paddle.inference` on the CPU.
 * It ends with this process, however that ends.
 */
export class PlainPython implements AsyncDisposable {
  readonly #interpreter: Interpreter
  readonly #signal: AbortSignal
  readonly #script: Script
  /** An answer is read to its end before the next one is waited for. */
  readonly #inTurn = pLimit(1)

  private constructor(interpreter: Interpreter, signal: AbortSignal) {
    this.#interpreter = interpreter
    this.#signal = signal
    this.#script = startScript(interpreter.path, 'run_reference.py', { signal })
  }

  /**
   * Starts the process, and imports what it needs, which takes 1 to 2 seconds.
   *
   * @throws PaddleError REFERENCE_UNAVAILABLE, REFERENCE_FAILED, PADDLE_NOT_INSTALLED, PADDLE_IMPORT_FAILED, ABORTED
   */
  static async start(interpreter: Interpreter, signal: AbortSignal): Promise<PlainPython> {
    const python = new PlainPython(interpreter, signal)
    try {
      const hello = await python.#next(helloForm, 'while it imported paddle')
      if (!hello.ok) throw referenceUnavailable(interpreter, hello)
      return python
    } catch (error) {
      await python[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Loads the model; without it the process is of no use, and ends. @throws PaddleError REFERENCE_FAILED, ABORTED */
  async load({ program, params = '', separate, oneDnn }: PlainModel): Promise<void> {
    try {
      await this.#ask({ load: { program, params, separate, oneDnn } }, `while it loaded ${program}`)
    } catch (error) {
      await this[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Runs one image. @throws PaddleError REFERENCE_FAILED, IMAGE_UNREADABLE, ABORTED; after a death every image fails */
  async run({ image, orient, reading, preprocessing }: PlainCase): Promise<PlainRun> {
    const { answer = [], values } = await this.#ask(
      { image, orient, reading, ...preprocessing },
      `while it ran ${image}`,
      image,
    )
    const [input, ...outputs] = values
    if (!input) throw failed(`while it ran ${image}`, 'it gave no tensors.')
    return { input, outputs, answer: answer.map((row) => row.map((value) => value ?? NaN)) }
  }

  async #ask(request: object, doing: string, image = ''): Promise<Answer> {
    return this.#inTurn(() => this.#askNow(request, doing, image))
  }

  async #askNow(request: object, doing: string, image: string): Promise<Answer> {
    this.#script.send(request)
    const answer = await this.#next(answerForm, doing)
    if (!answer.ok) {
      throw answer.kind === 'unreadable' && image !== ''
        ? unreadable(image, answer.message)
        : failed(doing, answer.message)
    }
    const values: PlainTensor[] = []
    for (const { name, dtype, shape } of answer.tensors) {
      const type = dtype === 'float32' ? Float32Array : Float64Array
      const count = shape.reduce((product, side) => product * side, 1)
      const bytes = await this.#script.bytes(count * type.BYTES_PER_ELEMENT)
      if ('ended' in bytes) throw this.#ended(doing, bytes.ended)
      values.push({ name, shape, data: new type(bytes) })
    }
    return { ...answer, values }
  }

  /** The next line, of this form; after another one nothing can be told apart any more, and the process ends. */
  async #next<T extends object>(form: z.ZodType<T>, doing: string): Promise<T> {
    const answer = await this.#script.next(form)
    if ('ended' in answer) throw this.#ended(doing, answer.ended)
    return answer
  }

  #ended(doing: string, death: Death): PaddleError {
    if (this.#signal.aborted) return abortedBy(this.#signal, 'The comparison')
    return ended(this.#interpreter.path, doing, death)
  }

  /** Whether the process has ended, so that it answers nothing any more. */
  get isEnded(): boolean {
    return this.#script.ended
  }

  /** Ends the process; it has nothing to tidy up. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#script[Symbol.asyncDispose]()
  }
}

import pLimit from 'p-limit'
import { z } from 'zod'
import { importError, installAdvice, type Interpreter } from '../environment/index.js'
import { abortedBy, PaddleError } from '../errors.js'
import { describeDeath, startScript, type Death, type Script } from '../python/index.js'

/** A model as its files are named. */
export interface PlainModel {
  readonly program: string
  readonly params?: string | undefined
  /** `program` is a folder with a file for each parameter. */
  readonly separate: boolean
  readonly oneDnn: boolean
}

/** How Python reads its outputs. */
export type PlainPostProcess =
  | { readonly kind: 'best'; readonly topK: number }
  | { readonly kind: 'either' | 'several'; readonly threshold: number }
  | { readonly kind: 'features' }
  | {
      readonly kind: 'boxes'
      readonly threshold: number
      /** Pixels of the original image, those of the image as it was resized, or fractions of the image as it was fed. */
      readonly unit: 'original' | 'fed' | 'fraction'
    }

/** One image, and how Python treats it. */
export interface PlainCase {
  readonly image: string
  readonly orient: boolean
  readonly reading: PlainPostProcess
  readonly preprocessing:
    | { readonly kind: 'tutorial'; readonly short: number; readonly crop: number }
    | { readonly kind: string; readonly operators: readonly object[] }
}

/** A tensor as Python gave it. */
export interface PlainTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array | Float64Array
}

/** What Python did with an image. */
export interface PlainRun {
  /** What the network was fed with, without the batch's dimension. */
  readonly input: PlainTensor
  readonly outputs: readonly PlainTensor[]
  /** Classes `[class, score]`, one vector, or boxes `[class, score, x1, y1, x2, y2]` in pixels of the original image, best first. */
  readonly answer: readonly (readonly number[])[]
}

const tensors = z.array(
  z.object({
    name: z.string(),
    dtype: z.enum(['float32', 'float64']),
    shape: z.array(z.int().nonnegative()),
  }),
)

/** The first line: whether all packages are there. */
const helloForm = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), module: z.string(), type: z.string(), message: z.string() }),
])

/** The answer to a request; the bytes of the tensors follow it. */
const answerForm = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), answer: z.array(z.array(z.number().nullable())).optional(), tensors }),
  z.object({ ok: z.literal(false), kind: z.enum(['unreadable', 'failed']), message: z.string(), tensors }),
])

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

/** The names under which pip knows what is imported. */
const packages: Readonly<Record<string, string>> = { cv2: 'opencv-python-headless', PIL: 'pillow' }

/** A package that plain Python needs is not there, or cannot be imported. */
function referenceUnavailable(
  { path, source }: Interpreter,
  { module, type, message }: { module: string; type: string; message: string },
): PaddleError {
  if (module === 'paddle') return importError(path, { type, message }, source)
  // A managed one of another version, or with a wheel of one's own, has paddle and what it requires alone.
  const remedy =
    source === 'managed'
      ? 'Go back to the default one, which has it (paddle-ts setup --device cpu --force), or name a Python that has it and paddle: --python PATH'
      : installAdvice(source, packages[module] ?? module)
  return new PaddleError('REFERENCE_UNAVAILABLE', `${path} cannot import ${module}: ${message}.`, {
    advice: remedy,
  })
}

/** The process ended where an answer was due. */
function ended(path: string, doing: string, death: Death): PaddleError {
  return new PaddleError('REFERENCE_FAILED', `${path} ${describeDeath(death, ` ${doing}`)}`, {
    advice: 'Run the model in a Python script of your own: what fails there is not for paddle-ts to compare.',
  })
}

/** What plain Python made of a request was an exception. */
function failed(doing: string, message: string): PaddleError {
  return new PaddleError('REFERENCE_FAILED', `Plain Python failed ${doing}: ${message.trimEnd()}`)
}

/** OpenCV or Pillow cannot read the image. */
function unreadable(image: string, message: string): PaddleError {
  return new PaddleError('IMAGE_UNREADABLE', `Plain Python cannot read ${image}: ${message}.`, {
    advice: 'Convert it to JPEG or PNG to compare it.',
  })
}

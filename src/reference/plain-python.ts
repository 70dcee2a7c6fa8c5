import pLimit from 'p-limit'
import { z } from 'zod'
import { importError, installAdvice, type Interpreter } from '../environment/index.js'
import { abortedBy, PaddleError } from '../errors.js'
import type { PaddleXBoxes } from '../model/index.js'
import { describeDeath, startScript, type Death, type Script } from '../python/index.js'

/** The files of a model. */
export interface PlainModel {
  readonly program: string
  readonly params?: string | undefined
  /** `program` is a folder with one file for each parameter. */
  readonly separate: boolean
  readonly oneDnn: boolean
}

/** How Python reads the outputs. */
export type PlainPostProcess =
  | { readonly kind: 'best'; readonly topK: number }
  | { readonly kind: 'either'; readonly threshold: number; readonly otherwise?: number }
  | {
      readonly kind: 'several'
      readonly threshold: number
      readonly ofClass?: Readonly<Record<number, number>>
    }
  | { readonly kind: 'scores'; readonly decimals: number }
  | { readonly kind: 'features'; readonly binarize?: 'round' | 'sign' }
  | { readonly kind: 'segments'; readonly restoredBy?: 'nearest' | 'linear' }
  | {
      readonly kind: 'attributes'
      readonly scheme: string
      readonly thresholds: Readonly<Record<string, number>>
      readonly inChinese?: boolean
    }
  | {
      readonly kind: 'boxes'
      readonly threshold: number
      /** Pixels of the original image, pixels of the resized image, or fractions of the network's input. */
      readonly unit: 'original' | 'fed' | 'fraction'
      readonly keepsThreshold?: boolean
      readonly most?: number
      readonly ofClass?: Readonly<Record<number, number>>
      /** PaddleX's post-processing, which knows some classes by their names. */
      readonly paddleX?: PaddleXBoxes
      readonly labels?: readonly string[]
    }

/** An image and how Python processes it. */
export interface PlainCase {
  readonly image: string
  readonly orient: boolean
  readonly reading: PlainPostProcess
  readonly preprocessing:
    | {
        readonly kind: 'tutorial'
        /** Height and width that the program declares, -1 where it leaves one open; null: those of the tutorial. */
        readonly declared: readonly [number, number] | null
        /** The shorter side after resizing, and the side of the crop, if the caller sets them. */
        readonly short: number | null
        readonly crop: number | null
      }
    | { readonly kind: string; readonly operators: readonly object[] }
}

/** A tensor that Python returned. */
export interface PlainTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array | Float64Array
}

/** What Python computed for an image. */
export interface PlainRun {
  /** The network's input, without the batch dimension. */
  readonly input: PlainTensor
  readonly outputs: readonly PlainTensor[]
  /**
   * Classes `[class, score]`, one vector, or boxes `[class, score, x1, y1, x2, y2]` in pixels of the original image, best
   * first.
   */
  readonly answer: readonly (readonly number[])[]
  /** Only where attributes are read. */
  readonly attributes?: readonly { readonly name: string; readonly value: string; readonly score: number }[]
  /** The class of each pixel of the original image, [height,width]; only where classes of pixels are read. */
  readonly map?: PlainTensor
}

const tensors = z.array(
  z.object({
    name: z.string(),
    dtype: z.enum(['float32', 'float64']),
    shape: z.array(z.int().nonnegative()),
  }),
)

/** The first line: whether all packages can be imported. */
const helloForm = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), module: z.string(), type: z.string(), message: z.string() }),
])

/** The reply to a request; the bytes of the tensors follow it. With `map`, the last of them is the map. */
const answerForm = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    answer: z.array(z.array(z.number().nullable())).optional(),
    map: z.boolean().optional(),
    attributes: z
      .array(z.object({ name: z.string(), value: z.string(), score: z.number().nullable() }))
      .optional(),
    tensors,
  }),
  z.object({ ok: z.literal(false), kind: z.enum(['unreadable', 'failed']), message: z.string(), tensors }),
])

type Answer = Extract<z.infer<typeof answerForm>, { ok: true }> & { readonly values: PlainTensor[] }

/**
 * A Python process that shares no code with the worker: it reads images with OpenCV or Pillow, and runs them
 * with `paddle.inference` on the CPU. It ends with this process in any case.
 */
export class PlainPython implements AsyncDisposable {
  readonly #interpreter: Interpreter
  readonly #signal: AbortSignal
  readonly #script: Script
  /** One request at a time: a reply must be read to its end before the next one. */
  readonly #inTurn = pLimit(1)

  private constructor(interpreter: Interpreter, signal: AbortSignal) {
    this.#interpreter = interpreter
    this.#signal = signal
    this.#script = startScript(interpreter.path, 'run_reference.py', { signal })
  }

  /**
   * Starts the process and imports its packages, which takes 1 to 2 seconds.
   *
   * @throws PaddleError REFERENCE_UNAVAILABLE, REFERENCE_FAILED, PADDLE_NOT_INSTALLED, PADDLE_IMPORT_FAILED,
   * ABORTED
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

  /** Loads the model. If that fails, the process ends. @throws PaddleError REFERENCE_FAILED, ABORTED */
  async load({ program, params = '', separate, oneDnn }: PlainModel): Promise<void> {
    try {
      await this.#ask({ load: { program, params, separate, oneDnn } }, `while it loaded ${program}`)
    } catch (error) {
      await this[Symbol.asyncDispose]()
      throw error
    }
  }

  /**
   * Runs one image. After the death of the process, every image fails. @throws PaddleError REFERENCE_FAILED,
   * IMAGE_UNREADABLE, ABORTED
   */
  async run({ image, orient, reading, preprocessing }: PlainCase): Promise<PlainRun> {
    const {
      answer = [],
      attributes,
      map: hasMap = false,
      values,
    } = await this.#ask({ image, orient, reading, ...preprocessing }, `while it ran ${image}`, image)
    const [input, ...outputs] = values
    const map = hasMap ? outputs.pop() : undefined
    if (!input) throw failed(`while it ran ${image}`, 'it returned no tensors.')
    return {
      input,
      outputs,
      answer: answer.map((row) => row.map((value) => value ?? NaN)),
      ...(map && { map }),
      ...(attributes && { attributes: attributes.map((one) => ({ ...one, score: one.score ?? NaN })) }),
    }
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

  /** Reads the next line. A line of any other form ends the process, because what follows it is ambiguous. */
  async #next<T extends object>(form: z.ZodType<T>, doing: string): Promise<T> {
    const answer = await this.#script.next(form)
    if ('ended' in answer) throw this.#ended(doing, answer.ended)
    return answer
  }

  #ended(doing: string, death: Death): PaddleError {
    if (this.#signal.aborted) return abortedBy(this.#signal, 'The comparison')
    return ended(this.#interpreter.path, doing, death)
  }

  /** Whether the process has ended and cannot reply any more. */
  get isEnded(): boolean {
    return this.#script.ended
  }

  /** Ends the process, which has nothing to clean up. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#script[Symbol.asyncDispose]()
  }
}

/** The pip packages of the modules. */
const packages: Readonly<Record<string, string>> = { cv2: 'opencv-python-headless', PIL: 'pillow' }

/** The error for a package that is missing or cannot be imported. */
function referenceUnavailable(
  { path, source }: Interpreter,
  { module, type, message }: { module: string; type: string; message: string },
): PaddleError {
  if (module === 'paddle') return importError(path, { type, message }, source)
  // A managed Python with another version or a custom wheel only contains paddle and its requirements.
  const remedy =
    source === 'managed'
      ? 'Reinstall the default one, which has it (paddle-ts setup --device cpu --force), or specify a Python with it and paddle: --python PATH'
      : installAdvice(source, packages[module] ?? module)
  return new PaddleError('REFERENCE_UNAVAILABLE', `${path} cannot import ${module}: ${message}.`, {
    advice: remedy,
  })
}

/** The error for a process that ended instead of replying. */
function ended(path: string, doing: string, death: Death): PaddleError {
  return new PaddleError('REFERENCE_FAILED', `${path} ${describeDeath(death, ` ${doing}`)}`, {
    advice: 'Run the model in your own Python script: if it fails there too, paddle-ts cannot compare it.',
  })
}

/** The error for an exception in plain Python. */
function failed(doing: string, message: string): PaddleError {
  return new PaddleError('REFERENCE_FAILED', `Plain Python failed ${doing}: ${message.trimEnd()}`)
}

/** The error for an image that OpenCV or Pillow cannot read. */
function unreadable(image: string, message: string): PaddleError {
  return new PaddleError('IMAGE_UNREADABLE', `Plain Python cannot read ${image}: ${message}.`, {
    advice: 'Convert it to JPEG or PNG to compare it.',
  })
}

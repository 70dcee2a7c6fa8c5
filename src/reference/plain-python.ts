import { join } from 'node:path'
import { execa } from 'execa'
import pLimit from 'p-limit'
import type { z } from 'zod'
import {
  interpreterArguments,
  interpreterEnvironment,
  OutputTail,
  parseAs,
  type Interpreter,
} from '../environment/index.js'
import { abortedBy, PaddleError } from '../errors.js'
import { pythonFolder } from '../package-files.js'
import { AnswerStream } from './answer-stream.js'
import { ended, failed, lacking, unexpected, unreadable } from './failures.js'
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
  readonly #child: ReturnType<typeof spawn>
  readonly #answers: AnswerStream
  readonly #stderr = new OutputTail()
  /** An answer is read to its end before the next one is waited for. */
  readonly #inTurn = pLimit(1)

  private constructor(interpreter: Interpreter, signal: AbortSignal) {
    this.#interpreter = interpreter
    this.#signal = signal
    this.#child = spawn(interpreter.path, signal)
    // A process that is gone already is told by its end.
    this.#child.stdin.on('error', () => undefined)
    this.#stderr.follow(this.#child.stderr)
    this.#answers = new AnswerStream(this.#child.stdout)
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
      if (!hello.ok) throw lacking(interpreter, hello)
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
    this.#child.stdin.write(`${JSON.stringify(request)}\n`)
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
      const bytes = await this.#answers.bytes(count * type.BYTES_PER_ELEMENT)
      if (!bytes) throw await this.#ended(doing)
      values.push({ name, shape, data: new type(bytes) })
    }
    return { ...answer, values }
  }

  /** The next line, of this form; after another one nothing can be told apart any more, and the process ends. */
  async #next<T>(form: z.ZodType<T>, doing: string): Promise<T> {
    const line = await this.#line(doing)
    const answer = parseAs(form, line)
    if (answer) return answer
    await this[Symbol.asyncDispose]()
    throw unexpected(this.#interpreter.path, doing, line)
  }

  async #line(doing: string): Promise<string> {
    const line = await this.#answers.line().catch(() => undefined)
    if (line === undefined) throw await this.#ended(doing)
    return line
  }

  async #ended(doing: string): Promise<PaddleError> {
    const { signal, exitCode } = await this.#child
    if (this.#signal.aborted) return abortedBy(this.#signal, 'The comparison')
    return ended(this.#interpreter.path, doing, { signal, exitCode, stderr: this.#stderr.lines(12) })
  }

  /** Whether the process has ended, so that it answers nothing any more. */
  get isEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** Ends the process; it has nothing to tidy up. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#child
  }
}

function spawn(python: string, signal: AbortSignal) {
  const script = join(pythonFolder, 'run_reference.py')
  return execa(python, [...interpreterArguments, script, String(process.pid)], {
    env: interpreterEnvironment(),
    extendEnv: false,
    // It ends by itself when its stdin or this process does.
    cleanup: false,
    buffer: false,
    reject: false,
    encoding: 'buffer',
    killSignal: 'SIGKILL',
    cancelSignal: signal,
  })
}

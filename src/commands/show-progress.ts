import type { Ora } from 'ora'
import type { Progress, ProgressListener } from '../progress.js'
import { isQuiet } from './notes.js'
import { progressText, Rate } from './progress-text.js'

interface ShowOptions {
  /** Shows nothing. */
  readonly quiet?: boolean
  /** Shows nothing before the task has taken that long from its first step on. @default 0 */
  readonly afterMs?: number
}

/** The spinner and the space behind it. */
const spinnerColumns = 3

/**
 * Shows the progress of long steps on stderr while `task` runs: a spinner on a terminal, with a bar, the rate and the time left where a
 * step tells how much of it is done; plain lines elsewhere, nothing with `quiet`. What is written to the terminal meanwhile stands
 * above it.
 */
export async function showProgress<T>(
  task: (onProgress: ProgressListener) => Promise<T>,
  options: ShowOptions = {},
): Promise<T> {
  if (options.quiet || isQuiet()) return task(() => undefined)
  const shown = new ShownProgress(options.afterMs ?? 0)
  try {
    const result = await task(shown.tell)
    await shown.end('succeed')
    return result
  } catch (error) {
    await shown.end('fail')
    throw error
  }
}

class ShownProgress {
  readonly #afterMs: number
  #begun: number | undefined
  /** Of the step told last. */
  #rate = new Rate()
  #timed: string | undefined
  #loading: Promise<void> | undefined
  /** What was told while the spinner was being loaded. */
  #untold: Progress[] = []
  #spinner: Ora | undefined
  /** The step on show. */
  #step: string | undefined

  constructor(afterMs: number) {
    this.#afterMs = afterMs
  }

  readonly tell: ProgressListener = (progress) => {
    const now = performance.now()
    this.#begun ??= now
    if (progress.step !== this.#timed) this.#rate = new Rate()
    this.#timed = progress.step
    if (progress.done !== undefined) this.#rate.add(now, progress.done)
    if (now - this.#begun < this.#afterMs) return
    if (this.#spinner) this.#show(this.#spinner, progress)
    else {
      this.#untold.push(progress)
      this.#loading ??= this.#load()
    }
  }

  async end(how: 'succeed' | 'fail'): Promise<void> {
    await this.#loading
    if (this.#spinner?.isSpinning) this.#spinner[how](this.#step)
  }

  /** Most commands never need it. */
  async #load(): Promise<void> {
    // Node, which ora asks, has it the other way round.
    if (process.env['NO_COLOR']) delete process.env['FORCE_COLOR']
    const { default: ora } = await import('ora')
    this.#spinner = ora({
      stream: process.stderr,
      discardStdin: false,
      ...(process.env['NO_COLOR'] && colourless),
      ...(isWithoutSize() && plain),
    })
    for (const progress of this.#untold.splice(0)) this.#show(this.#spinner, progress)
  }

  #show(spinner: Ora, progress: Progress): void {
    const columns = (process.stderr.columns || 80) - spinnerColumns
    const text = progressText(progress, { perSecond: this.#rate.perSecond(), columns })
    if (progress.step !== this.#step) {
      if (spinner.isSpinning) spinner.succeed(this.#step)
      this.#step = progress.step
      spinner.start(spinner.isEnabled ? text : progress.step)
    } else if (spinner.isSpinning) spinner.text = text
  }
}

const plain = { isEnabled: false }

/** ora looks at the variable for its signs, but not for the spinner. */
const colourless = { color: false } as const

/** ora counts the lines of such a terminal for ever; `script` and some containers make one. */
function isWithoutSize(): boolean {
  return process.stderr.isTTY && process.stderr.columns === 0
}

import type { Ora } from 'ora'
import type { Progress, ProgressListener } from '../../progress.js'
import { isQuiet } from './stderr-log.js'

/** The time that a rate looks back upon, in milliseconds: it should follow what happens, and not jump. */
const windowMs = 10_000
/** So much has to have passed for a rate to say something. */
const leastMs = 500

/** How fast a step has gone lately. */
export class Rate {
  readonly #seen: { readonly at: number; readonly done: number }[] = []

  /** Takes notice that `done` were done at a time, in milliseconds. */
  add(at: number, done: number): void {
    const last = this.#seen.at(-1)
    // A few times a second are enough.
    if (last && at - last.at < leastMs / 5) return
    this.#seen.push({ at, done })
    while ((this.#seen[1]?.at ?? Infinity) <= at - windowMs) this.#seen.shift()
  }

  /** How many a second, once that can be said. */
  perSecond(): number | undefined {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)]
    if (!first || !last || last.at - first.at < leastMs || last.done <= first.done) return undefined
    return (1000 * (last.done - first.done)) / (last.at - first.at)
  }
}

/** A step on a line of `columns`: with its bar, what is done, the rate and the time left, as far as they are known and fit. */
export function progressText(
  progress: Progress,
  { perSecond, columns }: { readonly perSecond?: number | undefined; readonly columns: number },
): string {
  const { step, done, total, unit } = progress
  if (done === undefined) return step
  const share = total ? Math.min(1, done / total) : undefined
  const counted = unit === undefined ? undefined : countOf(done, total, unit)
  const rate = unit === undefined || perSecond === undefined ? undefined : `${rateOf(perSecond)} ${unit}/s`
  const left = total && perSecond ? `${timeOf(Math.max(0, total - done) / perSecond)} left` : undefined
  const percent = share === undefined ? undefined : `${Math.floor(100 * share)} %`
  // What is worth most comes last in what is left out.
  const parts = [counted ?? percent, rate, left].filter((part) => part !== undefined)
  while (parts.length > 1 && widthOf(step, parts) > columns) parts.splice(parts.length > 2 ? 1 : -1, 1)
  const room = Math.min(30, columns - widthOf(step, parts) - 1)
  const bar = share === undefined || room < 8 ? [] : [barOf(share, room)]
  return [step, ...bar, parts.join(', ')].filter(Boolean).join(' ')
}

function widthOf(step: string, parts: readonly string[]): number {
  return step.length + 1 + parts.join(', ').length
}

function barOf(share: number, width: number): string {
  const full = Math.round(share * width)
  return '█'.repeat(full) + '░'.repeat(width - full)
}

function countOf(done: number, total: number | undefined, unit: string): string {
  return total === undefined ? `${done} ${unit}` : `${done} of ${total}`
}

function rateOf(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : String(Math.round(perSecond))
}

/** `45 s`, `3 min 20 s`, `2 h 5 min`. */
function timeOf(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

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

import type { Ora } from 'ora'
import type { Progress, ProgressListener } from '../../progress.js'
import { isQuiet } from './print.js'

/** The period over which the rate is averaged, in milliseconds. */
const windowMs = 10_000
/** The minimum period for a rate, in milliseconds. */
const leastMs = 500

/** The recent rate of a step. */
export class Rate {
  readonly #seen: { readonly at: number; readonly done: number }[] = []

  /** Records that `done` items were complete at a time in milliseconds. */
  add(at: number, done: number): void {
    const last = this.#seen.at(-1)
    // A few samples per second are sufficient.
    if (last && at - last.at < leastMs / 5) return
    this.#seen.push({ at, done })
    while ((this.#seen[1]?.at ?? Infinity) <= at - windowMs) this.#seen.shift()
  }

  /** Items per second; undefined until the minimum period has passed. */
  perSecond(): number | undefined {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)]
    if (!first || !last || last.at - first.at < leastMs || last.done <= first.done) return undefined
    return (1000 * (last.done - first.done)) / (last.at - first.at)
  }
}

/**
 * Formats a step for a line of `columns`, with bar, count, rate and remaining time, if they are known and
 * fit.
 */
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
  // If the line is too long, the rate is omitted first, then the remaining time.
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
  /** Shows nothing during this time after the first step, in milliseconds. @default 0 */
  readonly afterMs?: number
}

/** Width of the spinner and the space after it. */
const spinnerColumns = 3

/**
 * Shows the progress of `task` on standard error. On a terminal: a spinner, with bar, rate and remaining time
 * if a step reports them; other output appears above it. Elsewhere: plain lines. With `quiet`: nothing.
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
  /** The rate of the current step. */
  #rate = new Rate()
  #timed: string | undefined
  #loading: Promise<void> | undefined
  /** Progress reported while the spinner is loading. */
  #untold: Progress[] = []
  #spinner: Ora | undefined
  /** The step that is shown. */
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

  /** Loads ora on demand; most commands never need it. */
  async #load(): Promise<void> {
    // In Node, which ora asks, FORCE_COLOR overrides NO_COLOR.
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

/** ora applies NO_COLOR to its symbols, but not to the spinner. */
const colourless = { color: false } as const

/** A terminal of 0 columns, as from `script` and in some containers, puts ora into an endless loop. */
function isWithoutSize(): boolean {
  return process.stderr.isTTY && process.stderr.columns === 0
}

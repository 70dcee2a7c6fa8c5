import type { Progress } from '../progress.js'

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

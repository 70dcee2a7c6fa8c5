import { ConfigMismatch } from '../config-errors.js'
import type { FloatStep, Normalisation, Padding, PixelStep, Preprocessing, Size } from '../preprocessing.js'

type Triple = Normalisation['mean']

export const asItIs: Normalisation = { scale: 1, mean: [0, 0, 0], std: [1, 1, 1] }

/** The largest side and the largest input, in pixels. */
const [mostSide, mostPixels] = [2 ** 15, 2 ** 26]

/**
 * The preprocessing built from the operators read so far. Each method applies one operator, in the file's
 * order.
 */
export class Draft {
  decode: Preprocessing['decode'] = 'opencv'
  channels: Preprocessing['channels'] = 'RGB'
  planes: Preprocessing['planes'] = 3
  readonly #steps: PixelStep[] = []
  readonly #padding: Padding[] = []
  #normalise: Normalisation | undefined
  readonly #floatSteps: FloatStep[] = []
  #isPlanar = false
  /** The operators applied so far. */
  readonly #done: string[] = []

  /** Starts the next operator; its name appears in the error if it cannot follow the previous ones. */
  begin(name: string): void {
    this.#done.push(name)
  }

  get isFirst(): boolean {
    return this.#done.length === 1
  }

  get isNormalised(): boolean {
    return this.#normalise !== undefined
  }

  get isPlanar(): boolean {
    return this.#isPlanar
  }

  addStep(step: PixelStep): void {
    if (this.#isPlanar || this.#normalise || this.#padding.length > 0) {
      throw this.#outOfOrder(
        'resizing and cropping must precede padding, normalisation and moving the channels first',
      )
    }
    if (step.step !== 'resize') checkSize(step.size)
    else if ('width' in step.to) checkSize(step.to)
    else if ('fit' in step.to) checkSize(step.to.fit)
    this.#steps.push(step)
  }

  /** Resizes pixels that are normalised already: they, and what follows, are steps on float32. */
  addFloatResize(step: Extract<FloatStep, { step: 'resize' }>): void {
    const by = this.#normalise
    if (!by || this.#isPlanar || this.#padding.length > 0)
      throw this.#outOfOrder('resizing must precede padding and moving the channels first')
    if (this.#floatSteps.length === 0) {
      const { scale, divisor = 1, mean, std } = by
      if (scale !== 1) throw this.#outOfOrder('it resizes normalised pixels only after Normalize')
      const [ofRgb, byRgb] = this.channels === 'RGB' ? [mean, std] : [turned(mean), turned(std)]
      this.#floatSteps.push({ step: 'normalise', divisor, mean: ofRgb, std: byRgb })
    }
    this.#floatSteps.push(step)
  }

  setNormalisation(normalisation: Normalisation): void {
    if (this.#normalise) throw this.#outOfOrder('an image is normalised once')
    if (normalisation.std.includes(0)) throw new ConfigMismatch('NormalizeImage divides by a std of 0')
    const { scale, mean, std } = normalisation
    if (![scale, ...mean, ...std].every((value) => Number.isFinite(Math.fround(value)))) {
      throw new ConfigMismatch('NormalizeImage has a number beyond the range of float32')
    }
    if (std.some((value) => Math.fround(value) === 0)) {
      throw new ConfigMismatch('NormalizeImage divides by a std that is 0 in float32')
    }
    this.#normalise = normalisation
  }

  setPlanar(): void {
    if (this.#isPlanar) throw this.#outOfOrder('the channels come first already')
    this.#isPlanar = true
  }

  /** @param isOfPlanes - whether the padding requires the channels first */
  addPadding(to: Padding['to'], fill: Triple, isOfPlanes: boolean, centred?: Padding['centred']): void {
    if (this.#isPlanar !== isOfPlanes) {
      throw this.#outOfOrder(`it pads images with the channels ${isOfPlanes ? 'first' : 'last'}`)
    }
    if ('width' in to) checkSize(to)
    if (this.#floatSteps.length > 0 && !('multipleAbove' in to))
      this.#floatSteps.push({ step: 'pad', to, fill: this.channels === 'RGB' ? fill : turned(fill) })
    else this.#padding.push({ to, fill, isNormalised: !this.#normalise, ...(centred && { centred }) })
  }

  /** Switches between RGB and BGR from this operator on. */
  swapChannels(): void {
    this.channels = this.channels === 'RGB' ? 'BGR' : 'RGB'
    if (this.#normalise) {
      const { mean, std } = this.#normalise
      this.#normalise = { ...this.#normalise, mean: turned(mean), std: turned(std) }
    }
    this.#padding.splice(
      0,
      this.#padding.length,
      ...this.#padding.map((padding) => ({ ...padding, fill: turned(padding.fill) })),
    )
  }

  finish(lacking: string): Preprocessing {
    if (!this.#isPlanar) throw new ConfigMismatch(lacking)
    const { decode, channels, planes } = this
    const [steps, padding, floatSteps] = [this.#steps, this.#padding, this.#floatSteps]
    const before = { decode, channels, steps, padding, planes }
    if (floatSteps.length > 0) return { ...before, normalise: asItIs, floatSteps }
    return { ...before, normalise: this.#normalise ?? asItIs }
  }

  #outOfOrder(why: string): ConfigMismatch {
    const [last = '', ...before] = [...this.#done].reverse()
    const place = before.length > 0 ? `after ${before.reverse().join(', ')}` : 'first'
    return new ConfigMismatch(`${last} cannot come ${place}: ${why}`)
  }
}

function turned([first, second, third]: Triple): Triple {
  return [third, second, first]
}

export function checkSize({ width, height }: Size): void {
  if (width <= mostSide && height <= mostSide && width * height <= mostPixels) return
  throw new ConfigMismatch(
    `a size of ${width} × ${height} exceeds the limit of ${mostSide} pixels a side and ${mostPixels} in all`,
  )
}

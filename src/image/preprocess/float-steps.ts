import type { FloatStep, Preprocessing } from '../../model/index.js'
import { cachedRow, resizedRows, type FloatRows } from '../resample/float/index.js'
import { EventLoopYielder } from '../resample/resample-target.js'
import { sizedSteps, type SizedStep } from './float-geometry.js'
import { centredCrop } from './geometry.js'
import type { RgbImage } from './normalise.js'

type Normalise = Extract<FloatStep, { step: 'normalise' }>

/** More than what one value of any step costs, in multiplications. */
const costOfValue = 12

/**
 * Writes an image into `target` from `offset` on as the input of a network, after the steps on float32 pixels, as
 * planes in the network's order. The values equal, bit for bit, those that numpy computes for PaddleSeg,
 * PaddleDetection and PaddleX 1; those of a resize are as near as [accuracy](../../../docs/accuracy.md) says.
 * Computes row by row, and yields to the event loop regularly.
 *
 * @param pixels - RGB, as decoded
 */
export async function writeFloatInput(
  target: Float32Array,
  offset: number,
  pixels: RgbImage,
  { floatSteps = [], channels }: Pick<Preprocessing, 'floatSteps' | 'channels'>,
): Promise<void> {
  const sized = sizedSteps(floatSteps, pixels)
  const rows = sized.reduce(rowsAfter, bytesAsRows(pixels))
  const { width, height } = rows
  const plane = width * height
  const work = sized.reduce(
    (sum, { from, to }) => sum + from.width * from.height + to.width * to.height,
    plane,
  )
  const [red, blue] = channels === 'RGB' ? [offset, offset + 2 * plane] : [offset + 2 * plane, offset]
  const green = offset + plane
  const pace = new EventLoopYielder()
  for (let y = 0; y < height; y += 1) {
    const row = rows.row(y)
    for (let pixel = y * width, at = 0; at < 3 * width; pixel += 1, at += 3) {
      target[red + pixel] = row[at] ?? 0
      target[green + pixel] = row[at + 1] ?? 0
      target[blue + pixel] = row[at + 2] ?? 0
    }
    if (pace.isDue((3 * costOfValue * work) / height)) await pace.pause()
  }
}

function bytesAsRows({ width, height, data }: RgbImage): FloatRows {
  const stride = 3 * width
  return cachedRow({ width, height }, (y, into) => {
    into.set(data.subarray(y * stride, (y + 1) * stride))
  })
}

function rowsAfter(source: FloatRows, { step, to, scale }: SizedStep): FloatRows {
  switch (step.step) {
    case 'normalise':
      return step.limits ? normalisedOnce(source, step, step.limits) : normalisedRows(source, step)
    case 'resize':
      return resizedRows(source, to, step.method, scale)
    case 'crop': {
      const { left = 0, top = 0 } = centredCrop(source, to) ?? {}
      return cachedRow(to, (y, into) => {
        into.set(source.row(top + y).subarray(3 * left, 3 * (left + to.width)))
      })
    }
    case 'pad':
      return cachedRow(to, (y, into) => {
        fillRow(into, step.fill)
        if (y < source.height) into.set(source.row(y))
      })
  }
}

function fillRow(row: Float32Array, fill: Extract<FloatStep, { step: 'pad' }>['fill']): void {
  if (typeof fill === 'number') row.fill(fill)
  else for (let at = 0; at < row.length; at += 3) row.set(fill, at)
}

/** numpy's float64 `((image - min) / (max - min) - mean) / std`, then `astype('float32')`. */
function normalisedOnce(
  source: FloatRows,
  { mean, std }: Normalise,
  { min, max }: NonNullable<Normalise['limits']>,
): FloatRows {
  return cachedRow(source, (y, into) => {
    const from = source.row(y)
    for (let channel = 0; channel < 3; channel += 1) {
      const [least, less, over] = [min[channel] ?? 0, mean[channel] ?? 0, std[channel] ?? 1]
      const range = (max[channel] ?? 255) - least
      for (let at = channel; at < into.length; at += 3)
        into[at] = (((from[at] ?? 0) - least) / range - less) / over
    }
  })
}

/** numpy's `image / divisor`, then `-= mean` and `/= std` in place. */
function normalisedRows(source: FloatRows, { mean, std, divisor = 255 }: Normalise): FloatRows {
  const { fround } = Math
  const [lessRed, lessGreen, lessBlue] = mean
  const [overRed, overGreen, overBlue] = std
  return cachedRow(source, (y, into) => {
    const from = source.row(y)
    for (let at = 0; at < into.length; at += 3) {
      into[at] = fround(fround((from[at] ?? 0) / divisor) - lessRed) / overRed
      into[at + 1] = fround(fround((from[at + 1] ?? 0) / divisor) - lessGreen) / overGreen
      into[at + 2] = fround(fround((from[at + 2] ?? 0) / divisor) - lessBlue) / overBlue
    }
  })
}

import type { FloatStep } from '../../model/index.js'
import { cachedRow, resizedRows, type FloatRows } from '../resample/float/index.js'
import { EventLoopYielder } from '../resample/resample-target.js'
import { sizedSteps, type SizedStep } from './float-geometry.js'
import type { RgbImage } from './normalise.js'

/** More than what one value of any step costs, in multiplications. */
const costOfValue = 12

/**
 * Writes an image into `target` from `offset` on as the input of a network, after `steps`: R, G and B as
 * planes. The values equal, bit for bit, those that numpy computes for PaddleSeg; those of a resize are as
 * near as [accuracy](../../../docs/accuracy.md) says. Computes row by row, and yields to the event loop
 * regularly.
 *
 * @param pixels - RGB, as decoded
 */
export async function writeFloatInput(
  target: Float32Array,
  offset: number,
  pixels: RgbImage,
  steps: readonly FloatStep[],
): Promise<void> {
  const sized = sizedSteps(steps, pixels)
  const rows = sized.reduce(rowsAfter, bytesAsRows(pixels))
  const { width, height } = rows
  const plane = width * height
  const work = sized.reduce(
    (sum, { from, to }) => sum + from.width * from.height + to.width * to.height,
    plane,
  )
  const pace = new EventLoopYielder()
  for (let y = 0; y < height; y += 1) {
    const row = rows.row(y)
    const start = offset + y * width
    for (let x = 0, at = 0; x < width; x += 1, at += 3) {
      target[start + x] = row[at] ?? 0
      target[start + plane + x] = row[at + 1] ?? 0
      target[start + 2 * plane + x] = row[at + 2] ?? 0
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

function rowsAfter(source: FloatRows, { step, to }: SizedStep): FloatRows {
  switch (step.step) {
    case 'normalise':
      return normalisedRows(source, step)
    case 'resize':
      return resizedRows(source, to, step.method)
    case 'pad':
      return cachedRow(to, (y, into) => {
        into.fill(step.fill)
        if (y < source.height) into.set(source.row(y))
      })
  }
}

/** numpy's `image / 255`, then `-= mean` and `/= std` in place. */
function normalisedRows(
  source: FloatRows,
  { mean, std }: Extract<FloatStep, { step: 'normalise' }>,
): FloatRows {
  const { fround } = Math
  const [lessRed, lessGreen, lessBlue] = mean
  const [overRed, overGreen, overBlue] = std
  return cachedRow(source, (y, into) => {
    const from = source.row(y)
    for (let at = 0; at < into.length; at += 3) {
      into[at] = fround(fround((from[at] ?? 0) / 255) - lessRed) / overRed
      into[at + 1] = fround(fround((from[at + 1] ?? 0) / 255) - lessGreen) / overGreen
      into[at + 2] = fround(fround((from[at + 2] ?? 0) / 255) - lessBlue) / overBlue
    }
  })
}

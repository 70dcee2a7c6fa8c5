import type { LabelMap } from '../../image/annotate/index.js'
import { openCvPositions, sizedSteps } from '../../image/index.js'
import type { FloatStep, Size } from '../../model/index.js'

/**
 * Undoes the steps of an image in reverse order, on the classes of its pixels as fed: cuts padding off, and
 * resizes back like `cv2.resize` with `INTER_NEAREST`. Resizes that follow one another are undone as one.
 */
export function restoreSize(ids: Uint16Array, steps: readonly FloatStep[], original: Size): LabelMap {
  const sized = sizedSteps(steps, original).filter(({ step }) => step.step !== 'normalise')
  const fed = sized.at(-1)?.to ?? original
  let map: LabelMap = { width: fed.width, height: fed.height, data: ids }
  for (const [index, { step, from }] of [...sized.entries()].reverse()) {
    if (step.step === 'pad') map = cut(map, from)
    else if (sized[index - 1]?.step.step !== 'resize') map = nearest(map, from)
  }
  return map
}

function cut({ width, data }: LabelMap, size: Size): LabelMap {
  const kept = new Uint16Array(size.width * size.height)
  for (let y = 0; y < size.height; y += 1) {
    kept.set(data.subarray(y * width, y * width + size.width), y * size.width)
  }
  return { width: size.width, height: size.height, data: kept }
}

function nearest(map: LabelMap, { width, height }: Size): LabelMap {
  if (map.width === width && map.height === height) return map
  const columns = openCvPositions(map.width, 1 / (width / map.width), width)
  const rows = openCvPositions(map.height, 1 / (height / map.height), height)
  const data = new Uint16Array(width * height)
  for (const [y, row] of rows.entries()) {
    const to = y * width
    if (y > 0 && row === rows[y - 1]) {
      data.copyWithin(to, to - width, to)
      continue
    }
    const from = map.data.subarray(row * map.width, (row + 1) * map.width)
    for (let x = 0; x < width; x += 1) data[to + x] = from[columns[x] ?? 0] ?? 0
  }
  return { width, height, data }
}

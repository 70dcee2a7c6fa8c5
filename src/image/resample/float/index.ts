import type { Resampling, Size } from '../../../model/index.js'
import { openCvPositions } from '../nearest.js'
import { boxRows, sharedRows } from './float-area.js'
import { filteredRows } from './float-filter.js'
import { cachedRow, type FloatRows } from './float-rows.js'

export { cachedRow, type FloatRows } from './float-rows.js'

type Method = Extract<Resampling, { library: 'opencv' }>['method']

/** Resizes like `cv2.resize` on float32, with the same choice of algorithm. */
export function resizedRows(source: FloatRows, size: Size, method: Method): FloatRows {
  if (size.width === source.width && size.height === source.height) return source
  if (method === 'nearest') return nearestRows(source, size)
  if (method !== 'area') return filteredRows(source, size, method)
  const steps = { x: 1 / (size.width / source.width), y: 1 / (size.height / source.height) }
  if (steps.x < 1 || steps.y < 1) return filteredRows(source, size, 'enlarging-area')
  const whole = { x: Math.round(steps.x), y: Math.round(steps.y) }
  const isWhole = Math.abs(steps.x - whole.x) < Number.EPSILON && Math.abs(steps.y - whole.y) < Number.EPSILON
  return isWhole ? boxRows(source, size, whole) : sharedRows(source, size, steps)
}

function nearestRows(source: FloatRows, size: Size): FloatRows {
  const columns = openCvPositions(source.width, 1 / (size.width / source.width), size.width)
  const rows = openCvPositions(source.height, 1 / (size.height / source.height), size.height)
  return cachedRow(size, (y, into) => {
    const from = source.row(rows[y] ?? 0)
    let to = 0
    for (const column of columns) {
      const at = 3 * column
      into[to] = from[at] ?? 0
      into[to + 1] = from[at + 1] ?? 0
      into[to + 2] = from[at + 2] ?? 0
      to += 3
    }
  })
}

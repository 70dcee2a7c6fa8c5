import type { Resampling, Size } from '../../../model/index.js'
import type { Scale } from '../../preprocess/geometry.js'
import { openCvPositions } from '../nearest.js'
import { boxRows, sharedRows } from './float-area.js'
import { filteredRows } from './float-filter.js'
import { cachedRow, type FloatRows } from './float-rows.js'

export { cachedRow, type FloatRows } from './float-rows.js'

type Method = Extract<Resampling, { library: 'opencv' }>['method']

/**
 * Resizes like `cv2.resize` on float32, with the same choice of algorithm.
 *
 * @param scale - OpenCV's `fx` and `fy`; without them, it computes with the quotient of the sizes
 */
export function resizedRows(
  source: FloatRows,
  size: Size,
  method: Method,
  scale: Scale = { x: size.width / source.width, y: size.height / source.height },
): FloatRows {
  if (size.width === source.width && size.height === source.height) return source
  const steps = { x: 1 / scale.x, y: 1 / scale.y }
  if (method === 'nearest') return nearestRows(source, size, steps)
  if (method !== 'area') return filteredRows(source, size, scale, method)
  if (steps.x < 1 || steps.y < 1) return filteredRows(source, size, scale, 'enlarging-area')
  const whole = { x: Math.round(steps.x), y: Math.round(steps.y) }
  const isWhole = Math.abs(steps.x - whole.x) < Number.EPSILON && Math.abs(steps.y - whole.y) < Number.EPSILON
  return isWhole ? boxRows(source, size, whole) : sharedRows(source, size, steps)
}

function nearestRows(source: FloatRows, size: Size, steps: Scale): FloatRows {
  const columns = openCvPositions(source.width, steps.x, size.width)
  const rows = openCvPositions(source.height, steps.y, size.height)
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

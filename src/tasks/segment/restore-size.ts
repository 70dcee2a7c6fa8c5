import type { LabelMap } from '../../image/annotate/index.js'
import { openCvPositions, padded, resample, resize, sizedSteps } from '../../image/index.js'
import type { Preprocessing, Size } from '../../model/index.js'

/** What is undone of an image: it was `from` before the step. */
interface Undone {
  readonly step: 'resize' | 'pad'
  readonly from: Size
  readonly to: Size
}

/**
 * Undoes the steps of an image in reverse order, on the classes of its pixels as fed: cuts padding off, and
 * resizes back like `cv2.resize`.
 *
 * @param by - as `restoredBy` of the post-processing: without it, with `INTER_NEAREST`, and resizes that follow one
 * another are undone as one
 */
export async function restoreSize(
  ids: Uint16Array,
  preprocessing: Preprocessing,
  original: Size,
  by?: 'nearest' | 'linear',
): Promise<LabelMap> {
  const undone = stepsOf(preprocessing, original)
  const fed = undone.at(-1)?.to ?? original
  let map: LabelMap = { width: fed.width, height: fed.height, data: ids }
  for (const [index, { step, from }] of [...undone.entries()].reverse()) {
    if (step === 'pad') map = cut(map, from)
    else if (by === 'linear') map = await linear(map, from)
    else if (by === 'nearest' || undone[index - 1]?.step !== 'resize') map = nearest(map, from)
  }
  return map
}

function stepsOf({ steps, padding, floatSteps = [] }: Preprocessing, original: Size): Undone[] {
  const undone: Undone[] = []
  let from: Size = { width: original.width, height: original.height }
  const add = (step: Undone['step'], to: Size): void => {
    undone.push({ step, from, to })
    from = to
  }
  for (const step of steps)
    if (step.step === 'resize') add('resize', resize(from, step.to, step.divisor).size)
  for (const step of padding) add('pad', padded(from, step))
  for (const { step, to } of sizedSteps(floatSteps, from))
    if (step.step === 'resize' || step.step === 'pad') add(step.step, to)
  return undone
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

/** `INTER_LINEAR` on the classes in 8 bits. */
async function linear(
  { width, height, data }: LabelMap,
  { width: across, height: down }: Size,
): Promise<LabelMap> {
  const grey = new Uint8Array(3 * data.length)
  for (const [at, id] of data.entries()) grey.fill(id, 3 * at, 3 * at + 3)
  const size = { width: across, height: down }
  const part = { left: 0, top: 0, ...size }
  const how = { library: 'opencv', method: 'linear' } as const
  const resized = await resample({ width, height, data: grey }, { size }, part, how)
  const ids = Uint16Array.from({ length: across * down }, (_, at) => resized.data[3 * at] ?? 0)
  return { width: across, height: down, data: ids }
}

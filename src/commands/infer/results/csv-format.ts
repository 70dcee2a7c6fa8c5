import { stringify } from 'csv-stringify/sync'
import { sourceName } from '../../../image/index.js'
import type { TaskName } from '../../../tasks/index.js'
import { messageInFlags } from '../../flags/flag-errors.js'
import { pythonFloat, type ImageResult, type ResultFormat } from './formats.js'

/** CSV: a row for each class or box, or the error; one whose other cells are empty for an image of which nothing is to be told. */
export function csvFormat(task: TaskName): ResultFormat {
  const columns = columnsOf[task]
  const names = ['image', ...columns, 'errorCode', 'errorMessage']
  const nothing = columns.map(() => '')
  return {
    head: `${names.join(',')}\n`,
    lines: (result) => {
      const { image, error } = result
      const found = rowsOf(result)
      const cells = found.length === 0 ? [nothing] : found
      const ends = [error?.code, error && messageInFlags(error)]
      return stringify(
        cells.map((row) => [sourceName(image), ...row, ...ends]),
        { escape_formulas: true, cast: { number: numberText } },
      )
    },
  }
}

const columnsOf: Readonly<Record<TaskName, readonly string[]>> = {
  classify: ['rank', 'classId', 'prob', 'label'],
  detect: ['rank', 'classId', 'score', 'label', 'x1', 'y1', 'x2', 'y2'],
}

/** Numbers as Python writes them: JavaScript would write 1e-7 where it writes 1e-07. */
function numberText(value: number, { index }: { readonly index: number }): string {
  return index <= lastWhole ? String(value) : pythonFloat(value)
}

/** The column of the last number that has no fraction: `classId`. */
const lastWhole = 2

/** Numbers stay numbers until they are written: a minus before one is no formula. */
function rowsOf({ topK, boxes }: ImageResult): (string | number | undefined)[][] {
  if (topK) {
    return topK.map(({ classId, prob, label }, index) => [...[index + 1, classId, prob, label]])
  }
  return (boxes ?? []).map(({ classId, score, label, x1, y1, x2, y2 }, index) => [
    ...[index + 1, classId, score, label],
    ...[x1, y1, x2, y2],
  ])
}

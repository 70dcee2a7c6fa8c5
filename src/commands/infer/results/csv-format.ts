import { stringify } from 'csv-stringify/sync'
import { sourceName } from '../../../image/index.js'
import { pythonFloat, type ResultForms } from '../../../tasks/index.js'
import { messageInFlags } from '../../flags/flag-errors.js'
import type { ResultFormat } from './formats.js'

/** CSV: one row per class or box, or one with the error; an image without any has a row with empty cells. */
export function csvFormat(forms: ResultForms<object>): ResultFormat {
  const { columns } = forms
  const names = ['image', ...Object.keys(columns), 'errorCode', 'errorMessage']
  const kinds = Object.values(columns)
  const nothing = kinds.map(() => '')
  return {
    head: `${names.join(',')}\n`,
    lines: (result) => {
      const { image, error } = result
      const found = error ? [] : forms.rows(result)
      const cells = found.length === 0 ? [nothing] : found
      const ends = [error?.code, error && messageInFlags(error)]
      return stringify(
        cells.map((row) => [sourceName(image), ...row, ...ends]),
        {
          escape_formulas: true,
          cast: {
            // Numbers are not escaped: a leading minus is not a formula. Floats are written as in Python:
            // 1e-07, where JavaScript would write 1e-7.
            number: (value, { index }) => (kinds[index - 1] === 'float' ? pythonFloat(value) : String(value)),
          },
        },
      )
    },
  }
}

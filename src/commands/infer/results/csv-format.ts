import { stringify } from 'csv-stringify/sync'
import { sourceName } from '../../../image/index.js'
import { pythonFloat, type ResultForms } from '../../../tasks/index.js'
import { messageInFlags } from '../../flags/flag-errors.js'
import type { ResultFormat } from './formats.js'

/** CSV: a row for each thing that was found, or the error; one whose other cells are empty for an image in which nothing was found. */
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
            // Numbers stay numbers until they are written: a minus before one is no formula. Floats as Python writes them: JavaScript
            // would write 1e-7 where it writes 1e-07.
            number: (value, { index }) => (kinds[index - 1] === 'float' ? pythonFloat(value) : String(value)),
          },
        },
      )
    },
  }
}

import { bridgeRows } from './rows/bridge.js'
import { coldRow } from './rows/cold.js'
import { copyRow } from './rows/copy.js'
import { firstAnswerRows } from './rows/first-answer.js'
import { folderRows } from './rows/folder.js'
import { loadRows } from './rows/load.js'
import { precisionRows } from './rows/precision.js'
import { resizeRows } from './rows/resize.js'

/**
 * All rows, in the order of the table.
 *
 * @type {import('./measure.js').Row[]}
 */
export const rows = [
  ...folderRows,
  ...bridgeRows,
  copyRow,
  coldRow,
  ...loadRows,
  ...firstAnswerRows,
  ...precisionRows,
  ...resizeRows,
]

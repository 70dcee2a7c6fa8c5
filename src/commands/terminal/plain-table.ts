import Table from 'cli-table3'

/** A table without borders. */
export function plainTable(colAligns: readonly ('left' | 'right')[] = []) {
  const none = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '' }
  const sides = { 'bottom-left': '', 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '' }
  return new Table({
    colAligns: [...colAligns],
    chars: { ...none, ...sides, right: '', 'right-mid': '', middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  })
}

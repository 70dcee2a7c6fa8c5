import type { PassOptions } from '../../inference/index.js'
import { itemsFlag, listFlag, type FlagsOf } from './flag.js'

export const passFlags: FlagsOf<PassOptions> = {
  set: listFlag('set-pass', 'Only these, with commas'),
  delete: listFlag('delete-pass', 'Passes to leave out, with commas'),
  insert: itemsFlag('insert-pass', 'INDEX:PASS, to add it before the one there', 'INDEX:PASS', (item) => {
    const [, index, pass] = /^(\d+):(.+)$/.exec(item) ?? []
    return index === undefined || pass === undefined ? undefined : { index: Number(index), pass }
  }),
  append: listFlag('append-pass', 'Passes to add at the end, with commas'),
  custom: listFlag('custom-pass', 'Passes to add in the form of Paddle 3, with commas'),
}

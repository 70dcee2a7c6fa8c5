import { counted } from '../../wording.js'

/** How far a batch is; `total` where that is known. */
interface Count {
  readonly done: number
  readonly total: number | undefined
}

/** What a run that goes on begins with. */
export function alreadyDoneMessage({ done, total, failed }: Count & { readonly failed: number }): string {
  const verb = (total ?? done) === 1 ? 'was' : 'were'
  const count = done === total && done > 1 ? `All ${counted(done, 'image')}` : ofTotal({ done, total })
  const errors = failed === 0 ? '' : `, ${failed} of them with an error`
  return `${count} ${verb} answered already${errors}.\n`
}

/**
 * The last words of a run that a signal, or an error, has ended before its time.
 *
 * @param goOn - the command line that goes on, where there is one
 */
export function stoppedMessage(count: Count, goOn: string | undefined): string {
  return `Stopped after ${ofTotal(count)}.\n${goOn === undefined ? '' : `To go on: ${goOn}\n`}`
}

/** What is missing at the end of a run; `''` when nothing is. */
export function failureSummary({
  all,
  failed,
  unsaved,
}: Readonly<Record<'all' | 'failed' | 'unsaved', number>>): string {
  const lines = [
    ...(failed > 0 ? [`${failed} of ${counted(all, 'image')} could not be answered.\n`] : []),
    ...(unsaved > 0 ? [`${unsaved} of ${counted(all - failed, 'picture')} could not be written.\n`] : []),
  ]
  return lines.join('')
}

function ofTotal({ done, total }: Count): string {
  return total === undefined ? counted(done, 'image') : `${done} of ${counted(total, 'image')}`
}

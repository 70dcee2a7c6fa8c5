import type { PaddleError } from '../../errors.js'
import { codeOf } from '../../errors.js'
import type { Difference } from './difference.js'
import type { Totals } from './totals.js'
import type { Verdict } from './verdict.js'

/** What became of one image. */
export type Comparison =
  | {
      readonly image: string
      /** Left out where the shapes are not the same. */
      readonly input: Difference | undefined
      readonly output: Difference | undefined
      readonly verdict: Verdict
    }
  | { readonly image: string; readonly error: PaddleError }

const widths = [10, 10, 11, 8] as const

export const tableHeading = row('Input max', 'mean', 'Output max', 'Answer', 'Image')

/** A line for one image. */
export function comparisonLine(comparison: Comparison): string {
  const { image } = comparison
  if ('error' in comparison) {
    const { message, code } = comparison.error
    return row('–', '–', '–', 'failed', `${image}: ${message.replaceAll('\n', ' ')} [${code}]`)
  }
  const { input, output, verdict } = comparison
  return row(
    shown(input?.max),
    shown(input?.mean),
    shown(output?.max),
    verdict.same ? 'same' : 'DIFFERS',
    `${image}: ${verdict.text}`,
  )
}

/** An object for one image. */
export function comparisonJson(comparison: Comparison): string {
  const { image } = comparison
  if ('error' in comparison) {
    const { message } = comparison.error
    return json({ image, error: { code: codeOf(comparison.error), message } })
  }
  const { input, output, verdict } = comparison
  const { same, text, boxDistance } = verdict
  return json({ image, same, input, output, ...(boxDistance !== undefined && { boxDistance }), answer: text })
}

/** What all images come to. */
export function summaryText({ images, same, different, failed, input, output, boxDistance }: Totals): string {
  const verdicts = [
    `${same} of ${images} ${images === 1 ? 'answer is' : 'answers are'} the same`,
    ...(different > 0 ? [`${different} ${different === 1 ? 'differs' : 'differ'}`] : []),
    ...(failed > 0 ? [`${failed} could not be compared`] : []),
  ]
  const greatest = [
    ...(input ? [`input ${shown(input.max)} (mean ${shown(input.mean)})`] : []),
    ...(output ? [`output ${shown(output.max)}`] : []),
    ...(boxDistance === undefined ? [] : [`boxes ${boxDistance.toFixed(2)} px`]),
  ]
  const differences = greatest.length > 0 ? `Greatest differences: ${greatest.join(', ')}.\n` : ''
  return `${verdicts.join(', ')}.\n${differences}`
}

/** The same as an object. */
export function totalsJson(total: Totals): string {
  return json({ total })
}

/** JSON has no Infinity. */
function json(value: object): string {
  return `${JSON.stringify(value, (_, part: unknown) => (part === Infinity ? 'Infinity' : part))}\n`
}

/** Three digits that count: 0, 4.1e-5, 0.00392, 12.5. */
function shown(value: number | undefined): string {
  if (value === undefined) return '–'
  return String(Number(value.toPrecision(3)))
}

function row(...cells: readonly [string, string, string, string, string]): string {
  const padded = widths.map((width, index) => (cells[index] ?? '').padEnd(width))
  return `${padded.join('  ')}  ${cells[4]}\n`
}

import type { PaddleError } from '../../errors.js'
import type { Preprocessing } from '../../model/index.js'
import type { Verdict } from '../../tasks/index.js'
import { describeInFlags, messageInFlags } from '../flags/flag-errors.js'
import { greater, type Difference } from './comparison.js'

/** The comparison of one image, or its error. */
export type Comparison =
  | {
      readonly image: string
      /** Undefined if the shapes are different. */
      readonly input: Difference | undefined
      readonly output: Difference | undefined
      readonly verdict: Verdict
    }
  | { readonly image: string; readonly error: PaddleError }

const widths = [10, 10, 11, 8] as const

export const tableHeading = row('Input max', 'mean', 'Output max', 'Result', 'Image')

/** The table row of one image. */
export function comparisonLine(comparison: Comparison): string {
  const { image } = comparison
  if ('error' in comparison) {
    const reason = describeInFlags(comparison.error).replaceAll('\n', ' ')
    return row('–', '–', '–', 'failed', `${image}: ${reason}`)
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

/** The JSON line of one image. */
export function comparisonJson(comparison: Comparison): string {
  const { image } = comparison
  if ('error' in comparison) {
    const { code } = comparison.error
    return json({ image, error: { code, message: messageInFlags(comparison.error) } })
  }
  const { input, output, verdict } = comparison
  const { same, text, boxDistance } = verdict
  return json({ image, same, input, output, ...(boxDistance !== undefined && { boxDistance }), answer: text })
}

/** The summary of all images as text. */
export function summaryText({
  images,
  same,
  different,
  failed,
  notFinite = 0,
  ...greatestOf
}: Totals): string {
  const { input, output, boxDistance } = greatestOf
  const verdicts = [
    `${same} of ${images} ${images === 1 ? 'result is' : 'results are'} the same`,
    ...(different > 0 ? [`${different} ${different === 1 ? 'differs' : 'differ'}`] : []),
    ...(failed > 0 ? [`${failed} could not be compared`] : []),
    ...(notFinite > 0 ? [`${notFinite} with NaN or infinity on both sides`] : []),
  ]
  const greatest = [
    ...(input ? [`input ${shown(input.max)} (mean ${shown(input.mean)})`] : []),
    ...(output ? [`output ${shown(output.max)}`] : []),
    ...(boxDistance === undefined ? [] : [`boxes ${boxDistance.toFixed(2)} px`]),
  ]
  const differences = greatest.length > 0 ? `Greatest differences: ${greatest.join(', ')}.\n` : ''
  return `${verdicts.join(', ')}.\n${differences}`
}

/** The summary of all images as JSON. */
export function totalsJson(total: Totals, { stopped }: { readonly stopped: boolean }): string {
  return json({ total, ...(stopped && { stopped: 'interrupt' }) })
}

/** JSON has no Infinity. */
function json(value: object): string {
  return `${JSON.stringify(value, (_, part: unknown) => (part === Infinity ? 'Infinity' : part))}\n`
}

/** Three significant digits: 0, 4.1e-5, 0.00392, 12.5. */
function shown(value: number | undefined): string {
  if (value === undefined) return '–'
  return String(Number(value.toPrecision(3)))
}

function row(...cells: readonly [string, string, string, string, string]): string {
  const padded = widths.map((width, index) => (cells[index] ?? '').padEnd(width))
  return `${padded.join('  ')}  ${cells[4]}\n`
}

/** The totals of all images. */
export interface Totals {
  readonly images: number
  readonly same: number
  readonly different: number
  readonly failed: number
  /** The images with values that are NaN or infinite on both sides; omitted if there are none. */
  readonly notFinite?: number
  /** The maximum of each. */
  readonly input: Difference | undefined
  readonly output: Difference | undefined
  readonly boxDistance: number | undefined
}

export const noTotals: Totals = {
  ...{ images: 0, same: 0, different: 0, failed: 0 },
  ...{ input: undefined, output: undefined, boxDistance: undefined },
}

export function withComparison(totals: Totals, comparison: Comparison): Totals {
  const images = totals.images + 1
  if ('error' in comparison) return { ...totals, images, failed: totals.failed + 1 }
  const { verdict, input, output } = comparison
  const distances = [totals.boxDistance, verdict.boxDistance].filter((one) => one !== undefined)
  return {
    ...totals,
    images,
    same: totals.same + Number(verdict.same),
    different: totals.different + Number(!verdict.same),
    input: greater(totals.input, input),
    output: greater(totals.output, output),
    ...((totals.notFinite !== undefined || output?.notFinite !== undefined) && {
      notFinite: (totals.notFinite ?? 0) + Number(output?.notFinite !== undefined),
    }),
    boxDistance: distances.length > 0 ? Math.max(...distances) : undefined,
  }
}

/** Maximum difference by resampling alone, in levels of 255. */
const usualLevels = 2.5

/** Explains a large difference of the input; undefined if it is small or its reason is unknown. */
export function explainDifference(
  { input }: Totals,
  { normalise, steps }: Preprocessing,
  exact: boolean,
): string | undefined {
  const level = normalise.scale / Math.min(...normalise.std)
  if (!input || !(input.max > usualLevels * level)) return undefined
  const byPillow = steps.some((step) => step.step === 'resize' && step.resampling.library === 'pillow')
  if (!byPillow || exact) return undefined
  return 'The input differs by more than 2 levels of 255: large JPEGs are reduced during decoding. Use --exact to decode them at full size.\n'
}

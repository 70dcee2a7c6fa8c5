import { greater, type Difference } from './difference.js'
import type { Comparison } from './tell.js'

/** What all images come to. */
export interface Totals {
  readonly images: number
  readonly same: number
  readonly different: number
  readonly failed: number
  /** The greatest of each. */
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
    boxDistance: distances.length > 0 ? Math.max(...distances) : undefined,
  }
}

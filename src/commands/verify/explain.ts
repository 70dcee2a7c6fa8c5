import type { Preprocessing } from '../../model/index.js'
import type { Totals } from './totals.js'

/** Levels of 255 that resampling alone may be off by. */
const usualLevels = 2.5

/** Why the input differs, where it does so by much; undefined where it does not, or where the reason is not known. */
export function explainDifference(
  { input }: Totals,
  { normalise, steps }: Preprocessing,
  exact: boolean,
): string | undefined {
  const level = normalise.scale / Math.min(...normalise.std)
  if (!input || !(input.max > usualLevels * level)) return undefined
  const byPillow = steps.some((step) => step.step === 'resize' && step.resampling.library === 'pillow')
  if (!byPillow || exact) return undefined
  return 'The input differs by more than 2 levels of 255: large JPEGs are reduced while they are decoded. With --exact they are not.\n'
}

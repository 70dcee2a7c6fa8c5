import type { Difference } from './difference.js'

/** Whether both sides give the same answer. */
export interface Verdict {
  readonly same: boolean
  /** Our answer in words, with what plain Python says where that differs. */
  readonly text: string
  /** The greatest distance between a side of a box and the same side of its partner, in pixels; of boxes alone. */
  readonly boxDistance?: number
}

/** What cannot be compared element by element is not the same, whatever the answer says. */
export function compareShapes(
  verdict: Verdict,
  { input, output }: Readonly<Record<'input' | 'output', Difference | undefined>>,
): Verdict {
  const others = [...(input ? [] : ['the input']), ...(output ? [] : ['an output'])]
  if (others.length === 0) return verdict
  const text = `${verdict.text}; of another shape in plain Python: ${others.join(' and ')}`
  return { ...verdict, same: false, text }
}

/** Scores closer than this are taken for the same: arithmetic in another order moves them as much. */
export const noise = 1e-3

export function shownScore(score: number): string {
  return score.toFixed(3)
}

/** Whether both sides give the same result. */
export interface Verdict {
  readonly same: boolean
  /** Our result in words, with plain Python's where that differs. */
  readonly text: string
  /** The greatest distance between a side of a box and the same side of its partner, in pixels; of boxes alone. */
  readonly boxDistance?: number
}

/** Scores closer than this count as the same: arithmetic in another order moves them as much. */
export const noise = 1e-3

export function shownScore(score: number): string {
  return score.toFixed(3)
}

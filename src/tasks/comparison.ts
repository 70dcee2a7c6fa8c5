/** Whether both sides give the same result. */
export interface Verdict {
  readonly same: boolean
  /** The result of paddle-ts as text, followed by that of plain Python where they differ. */
  readonly text: string
  /**
   * For boxes only: the greatest distance between a side of a box and the same side of its match, in pixels.
   */
  readonly boxDistance?: number
}

/** Scores closer than this count as equal: a different order of arithmetic changes them as much. */
export const noise = 1e-3

export function shownScore(score: number): string {
  return score.toFixed(3)
}

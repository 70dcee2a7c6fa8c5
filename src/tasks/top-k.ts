/** One class of an answer. */
export interface Prediction {
  /** The index of the class in the model's output. */
  readonly classId: number
  /** The model's output for it, a float32. */
  readonly prob: number
  /** Its name, where it is known. */
  readonly label?: string
}

/**
 * The `k` best of the scores, best first. Of equal ones the lower index comes first, and NaN before everything, as numpy's
 * `argmax` has it.
 */
export function bestOf(scores: Float32Array, k: number, labels: readonly string[] = []): Prediction[] {
  const best: number[] = []
  for (let index = 0; index < scores.length; index += 1) {
    let place = best.length
    while (place > 0 && isBetter(scores[index], scores[best[place - 1] ?? 0])) place -= 1
    if (place >= k) continue
    best.splice(place, 0, index)
    if (best.length > k) best.pop()
  }
  return best.map((classId) => {
    const label = labels[classId]
    return { classId, prob: scores[classId] ?? NaN, ...(label !== undefined && label !== '' && { label }) }
  })
}

function isBetter(score = 0, than = 0): boolean {
  return score > than || (Number.isNaN(score) && !Number.isNaN(than))
}

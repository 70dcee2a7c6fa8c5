/** Maximum difference of the probabilities of the best class: each peer shrinks images in its own way. */
const tolerance = 0.2

/** Throws unless both return the same best class: a benchmark of wrong results is worthless. */
export function agree(ours, theirs, peer) {
  const [our] = ours
  const [their] = theirs
  if (our.classId !== their.classId || Math.abs(our.prob - their.prob) > tolerance) {
    throw new Error(
      `The results differ: ours is class ${our.classId} (${our.prob}), that of ${peer} is ${their.classId} (${their.prob}).`,
    )
  }
}

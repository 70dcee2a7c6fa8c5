/** The most that two probabilities of the best class may differ by: the peers shrink pictures each in its own way. */
const tolerance = 0.2

/** Throws unless both name the same class first: a bench of wrong answers is worthless. */
export function agree(ours, theirs, peer) {
  const [our] = ours
  const [their] = theirs
  if (our.classId !== their.classId || Math.abs(our.prob - their.prob) > tolerance) {
    throw new Error(
      `The answers do not agree: ours is class ${our.classId} (${our.prob}), that of ${peer} ${their.classId} (${their.prob}).`,
    )
  }
}

/**
 * @typedef {object} Summary
 * @property {number} median
 * @property {number} min
 * @property {number} max
 */

/**
 * The middle value; of an even number the mean of the two in the middle.
 *
 * @param {readonly number[]} values
 * @returns {number}
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * The middle and the spread of the rounds.
 *
 * @param {readonly number[]} values
 * @returns {Summary}
 */
export function summary(values) {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

/**
 * Ours by theirs, round by round: what disturbs the machine in a round disturbs both.
 *
 * @param {readonly number[]} us
 * @param {readonly number[]} peer
 * @returns {number[]}
 */
export function ratios(us, peer) {
  return us.map((value, round) => value / peer[round])
}

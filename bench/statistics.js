/**
 * @typedef {object} Summary
 * @property {number} median
 * @property {number} min
 * @property {number} max
 */

/**
 * The middle value, or the mean of the two middle values of an even number.
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
 * The median and the range of the rounds.
 *
 * @param {readonly number[]} values
 * @returns {Summary}
 */
export function summary(values) {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

/**
 * Our value divided by the peer's, per round: disturbances of the machine in a round affect both.
 *
 * @param {readonly number[]} us
 * @param {readonly number[]} peer
 * @returns {number[]}
 */
export function ratios(us, peer) {
  return us.map((value, round) => value / peer[round])
}

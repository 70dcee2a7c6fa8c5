/**
 * Random numbers from 0 up to 1, by seed: a linear congruential generator with the constants of Numerical
 * Recipes.
 */
export function randomFrom(seed) {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

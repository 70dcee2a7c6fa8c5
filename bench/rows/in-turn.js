import { median } from '../statistics.js'

/** Runs each side `runs` times, alternating, so that disturbances affect both; returns the medians in ms. */
export async function inTurn(sides, runs) {
  const names = Object.keys(sides)
  const taken = Object.fromEntries(names.map((name) => [name, []]))
  for (let turn = 0; turn < runs; turn += 1) {
    for (const name of turn % 2 === 0 ? names : names.toReversed())
      taken[name].push(...(await sides[name](1)))
  }
  return Object.fromEntries(names.map((name) => [name, median(taken[name])]))
}

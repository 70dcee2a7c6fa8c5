import { median } from '../statistics.js'

/** One round of so many runs of each side, in turn, so that what disturbs the machine disturbs both: the medians, in ms. */
export async function inTurn(sides, runs) {
  const names = Object.keys(sides)
  const taken = Object.fromEntries(names.map((name) => [name, []]))
  for (let turn = 0; turn < runs; turn += 1) {
    for (const name of turn % 2 === 0 ? names : names.toReversed())
      taken[name].push(...(await sides[name](1)))
  }
  return Object.fromEntries(names.map((name) => [name, median(taken[name])]))
}

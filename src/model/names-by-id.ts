/** Why a file holds no labels, in words that its name goes before. */
export class LabelsMismatch extends Error {}

/** Above this an identifier is a mistake, not a class. */
const highestClass = 10_000_000

/** A list of names from those of single classes; `''` for a class without. @throws LabelsMismatch */
export function labelsById(names: ReadonlyMap<number, string>): string[] {
  // A call takes no million arguments.
  const last = [...names.keys()].reduce((highest, id) => Math.max(highest, id), -1)
  if (last > highestClass) throw new LabelsMismatch(`the class ${last} is above the limit of ${highestClass}`)
  return Array.from({ length: last + 1 }, (_, id) => names.get(id) ?? '')
}

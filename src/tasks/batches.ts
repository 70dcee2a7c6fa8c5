/** Items of a batch may be accompanied by so many others for each of them before the batch is sent unfilled. */
const companions = 4

/**
 * Groups items into batches, each in the order of the items: `size` of those that `counts`, and whatever lies between them.
 * Items that do not count and stand at the beginning of a batch go on at once.
 */
export async function* inBatches<T>(
  items: AsyncIterable<T>,
  size: number,
  counts: (item: T) => boolean,
): AsyncGenerator<T[], void, undefined> {
  let batch: T[] = []
  let counted = 0
  for await (const item of items) {
    batch.push(item)
    if (counts(item)) counted += 1
    if (counted === 0 || counted === size || batch.length === companions * size) {
      yield batch
      batch = []
      counted = 0
    }
  }
  if (batch.length > 0) yield batch
}

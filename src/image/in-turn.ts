import pLimit from 'p-limit'

/** Runs work on what is larger than `most` one at a time, so that memory stays bounded, and all other work at once. */
export function serializeAbove(most: number): <T>(size: number, work: () => Promise<T>) => Promise<T> {
  const oneAtATime = pLimit(1)
  return (size, work) => (size > most ? oneAtATime(work) : work())
}

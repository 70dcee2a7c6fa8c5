import type { FeedWriter } from './feed-types.js'

const plain = new WeakSet<object>()

/** Marks a writer of our own, which fills the tensor and does nothing else: it runs no predictor, and neither keeps nor transfers the memory. */
export function trustedWriter<W extends FeedWriter>(writer: W): W {
  plain.add(writer)
  return writer
}

export function isTrustedWriter(writer: object): boolean {
  return plain.has(writer)
}

import {
  trustedWriter,
  type Feed,
  type Feeds,
  type FeedTensor,
  type FeedWriter,
  type Outputs,
} from '../../inference/index.js'
import { isNdArray, tensor, type Tensor } from '../../tensor/index.js'

/**
 * Feeds with equal signatures can share a batch: tensors of one row each, of equal dtypes and shapes, without
 * a LoD. Other feeds have no signature.
 */
export function feedSignature(feeds: Feeds): string | undefined {
  const kinds = Object.entries(feeds).map(([name, feed]) =>
    isRow(feed) ? [name, feed.dtype, feed.shape] : undefined,
  )
  return kinds.includes(undefined) ? undefined : JSON.stringify(kinds.sort())
}

/** Concatenates the feeds of a batch, in the order of its inputs. */
export function collateFeeds(batch: readonly Feeds[]): Feeds {
  const [first = {}, ...others] = batch
  if (others.length === 0) return first
  return Object.fromEntries(
    Object.entries(first).map(([name, like]) => {
      const { dtype, shape } = asTensor(like as FeedTensor)
      const rows = batch.flatMap((feeds) => (isRow(feeds[name]) ? [asTensor(feeds[name])] : []))
      const write = (data: { set: (from: never, offset: number) => void }): void => {
        let offset = 0
        for (const row of rows) {
          data.set(row.data as never, offset)
          offset += row.data.length
        }
      }
      const writer = { dtype, shape: [rows.length, ...shape.slice(1)], write } as FeedWriter
      return [name, trustedWriter(writer)]
    }),
  )
}

/**
 * Splits the outputs of a batch into those of each input: an output with a LoD has a sequence for each input,
 * any other a row. Returns `undefined` when an output has neither.
 */
export function splitOutputs(outputs: Outputs, count: number): Outputs[] | undefined {
  if (count === 1) return [outputs]
  const parts = Object.entries(outputs).map(([name, output]) => [name, rowsOf(output, count)] as const)
  if (parts.some(([, rows]) => rows === undefined)) return undefined
  return Array.from({ length: count }, (_, index) =>
    Object.fromEntries(
      parts.flatMap(([name, rows = []]) => rows.slice(index, index + 1).map((row) => [name, row])),
    ),
  )
}

function rowsOf({ dtype, shape, data, lod }: Tensor, count: number): Tensor[] | undefined {
  const ends = lod ? (lod.length === 1 ? lod[0]?.slice(1) : undefined) : undefined
  const bounds = lod ? ends : Array.from({ length: count }, (_, index) => index + 1)
  if (bounds?.length !== count || bounds.at(-1) !== shape[0]) return undefined
  const size = data.length / Math.max(1, shape[0] ?? 1)
  return bounds.map((end, index) => {
    const start = bounds[index - 1] ?? 0
    return {
      dtype,
      shape: [end - start, ...shape.slice(1)],
      // A copy: keeping the outputs of one input does not keep those of the others in memory.
      data: data.slice(start * size, end * size),
      ...(lod && { lod: [[0, end - start]] }),
    } as Tensor
  })
}

function isRow(feed: Feed | undefined): feed is FeedTensor {
  return (
    typeof feed === 'object' &&
    !Array.isArray(feed) &&
    !isNdArray(feed) &&
    'dtype' in feed &&
    'data' in feed &&
    Array.isArray(feed.shape) &&
    feed.shape[0] === 1 &&
    !('lod' in feed && feed.lod !== undefined)
  )
}

function asTensor({ dtype, shape, data }: FeedTensor): Tensor {
  return tensor(dtype, shape, data as never)
}

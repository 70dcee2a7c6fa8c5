import type { Feed, Feeds, FeedWriter, Outputs, PredictorPool } from '../inference/index.js'
import type { Tensor } from '../tensor/index.js'
import type { Task } from './task.js'

/** One input's way through a task, with what went into the network and what came out. */
export interface TracedRun<Value> {
  /** What was written as the image; the others of a detector are not among it. */
  readonly input: Tensor<'float32'>
  readonly outputs: Outputs
  readonly value: Value
}

/** Runs one input by itself, in the same way as the task runs it among others. @throws as the task does */
export async function traceRun<Input, Ready, Value, Options extends object>(
  task: Task<Input, Ready, Value, Options>,
  pool: PredictorPool,
  input: Input,
  options: Options & { readonly signal?: AbortSignal | undefined },
): Promise<TracedRun<Value>> {
  const ready = await task.prepare(input, options.signal ?? new AbortController().signal)
  const steps = task.connect(pool)
  let seen: Tensor<'float32'> | undefined
  const seeing = (feed: Feed): Feed => {
    if (!isWriter(feed)) return feed
    const { dtype, shape } = feed
    const write = async (data: Float32Array): Promise<void> => {
      await feed.write(data)
      seen = { dtype, shape, data: data.slice() }
    }
    return { ...feed, write }
  }
  const feeds = Object.entries(steps.feeds([ready], { writing: 0, written: 0 }))
  const seenFeeds: Feeds = Object.fromEntries(
    feeds.map(([name, feed]): [string, Feed] => [name, seeing(feed)]),
  )
  const outputs = await pool.run(seenFeeds, { signal: options.signal })
  const [value] = steps.values(outputs, [ready], options) ?? []
  if (!seen || value === undefined) throw new TypeError('The task has fed no image, or gives no value.')
  return { input: seen, outputs, value }
}

/** The image is written where it is fed; what is small is handed over. */
function isWriter(feed: Feed): feed is FeedWriter<'float32'> {
  return typeof feed === 'object' && 'write' in feed && 'dtype' in feed && feed.dtype === 'float32'
}

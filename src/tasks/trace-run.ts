import type { Feed, Feeds, FeedWriter, Outputs, PredictorPool } from '../inference/index.js'
import type { Tensor } from '../tensor/index.js'
import type { Task } from './task.js'

/** One input's run through a task, with the tensors that went into the network and came out. */
export interface TracedRun<Value> {
  /** The tensor of the image, without the other inputs of a detector. */
  readonly input: Tensor<'float32'>
  readonly outputs: Outputs
  readonly value: Value
}

/** Runs one input alone, in the same way as the task runs it in a batch. @throws as the task does */
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
  const [value] = (await steps.values(outputs, [ready], [options], () => task.nameOf(input))) ?? []
  if (!seen || value === undefined) throw new TypeError('The task fed no image or returned no value.')
  return { input: seen, outputs, value }
}

/** Images are fed by a writer; small tensors are passed directly. */
function isWriter(feed: Feed): feed is FeedWriter<'float32'> {
  return typeof feed === 'object' && 'write' in feed && 'dtype' in feed && feed.dtype === 'float32'
}

// A pool in a worker thread, which ends: `node end-thread.mjs terminate|close`. Prints the pids of the pool's workers
// and, once the thread has ended, `ended`; ends with its standard input.
import { once } from 'node:events'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { PredictorPool } from '../../dist/index.js'

if (isMainThread) {
  const [how] = process.argv.slice(2)
  const thread = new Worker(new URL(import.meta.url))
  const [pids] = await once(thread, 'message')
  console.log(JSON.stringify(pids))
  const ended = once(thread, 'exit')
  if (how === 'terminate') await thread.terminate()
  else thread.postMessage('close')
  await ended
  console.log('ended')
  process.stdin.resume()
} else {
  const pool = await PredictorPool.create({ model: 'models/doctor', workers: 2 })
  const data = new Float32Array(3)
  await pool.run({ x: { dtype: 'float32', shape: [1, 3], data } })
  parentPort.postMessage(pool.stats().workers.map(({ pid }) => pid))
  await once(parentPort, 'message')
  await pool.close()
  parentPort.close()
}

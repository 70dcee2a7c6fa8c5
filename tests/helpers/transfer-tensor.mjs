// Transfers the memory of tensors in all ways that user code can: `node --expose-gc transfer-tensor.mjs
// MODEL`; MODEL is `twoInTwoOut` of nets.ts. Prints the outcome of each way as a line of JSON.
import { ReadableStream } from 'node:stream/web'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { MessageChannel } from 'node:worker_threads'
import { createPredictor } from '../../dist/index.js'

const [model] = process.argv.slice(2)

/** Each transfers the elements to a new owner, or throws if they cannot be transferred. */
const ways = {
  byteStream: async (data) => {
    const stream = new ReadableStream({
      type: 'bytes',
      start: (controller) => {
        controller.enqueue(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
        controller.close()
      },
    })
    return (await stream.getReader().read()).value
  },
  ownBuffer: async (data) => {
    const stream = new ReadableStream({
      type: 'bytes',
      pull: (controller) => {
        controller.byobRequest.respond(data.byteLength)
      },
    })
    const view = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    return (await stream.getReader({ mode: 'byob' }).read(view)).value
  },
  clone: ({ buffer }) => globalThis.structuredClone(buffer, { transfer: [buffer] }),
  message: async ({ buffer }) => {
    const { port1, port2 } = new MessageChannel()
    const received = new Promise((resolve) => port2.once('message', resolve))
    try {
      port1.postMessage(buffer, [buffer])
      return await received
    } finally {
      port1.close()
    }
  },
  transfer: ({ buffer }) => buffer.transfer(),
  longer: ({ buffer }) => buffer.transfer(2 * buffer.byteLength),
  fixedLength: ({ buffer }) => buffer.transferToFixedLength(),
}

/** So many that freed memory would be unmapped or reused. */
async function collectGarbage() {
  for (let turn = 0; turn < 10; turn += 1) {
    globalThis.gc()
    await nextTurn()
  }
}

const n = { dtype: 'int64', shape: [1], data: [1] }

async function tryWay(predictor, transfer) {
  const owners = []
  const give = async (data) => {
    try {
      owners.push(await transfer(data))
      return 'transferred'
    } catch (error) {
      return error.name
    }
  }
  const sums = async (x) => [...Object.values(await predictor.run({ x, n }))[0].data]
  const told = {}

  // The tensor remains usable, and so does its new owner.
  const x = predictor.allocate('x', [1, 3], 'float32')
  x.data.set([1, 2, 3])
  const offset = x.data.byteOffset
  told.how = await give(x.data)
  await collectGarbage()
  told.data = [...x.data]
  told.sums = await sums(x)
  const [owner] = owners
  if (owner) told.owner = [...new Float32Array(owner.buffer ?? owner, owner.byteOffset ?? offset, 3)]

  // So do tensors created before and after the memory grew.
  const stale = x.data
  const large = predictor.allocate('x', [100_000, 3], 'float32')
  large.data.fill(4)
  await give(stale)
  await collectGarbage()
  told.after = await sums(x)

  // A writer may do the same with the memory of one run.
  const write = async (data) => {
    data.set([5, 6, 7])
    await give(data)
  }
  told.written = await sums({ dtype: 'float32', shape: [1, 3], write })
  told.next = await sums({ dtype: 'float32', shape: [1, 3], data: [8, 9, 10] })

  const late = [x.data, large.data]
  x.close()
  large.close()
  return { told, owners, late, give }
}

const predictor = await createPredictor({ model, oneDnn: false })
const tried = []
for (const [way, transfer] of Object.entries(ways)) {
  const { told, ...rest } = await tryWay(predictor, transfer)
  tried.push(rest)
  console.log(JSON.stringify({ way, ...told }))
}
await predictor.close()
// Arrays that outlive their tensors and the predictor.
for (const { late, give } of tried) for (const data of late) await give(data)
await collectGarbage()
for (const { owners } of tried) for (const owner of owners) new Uint8Array(owner.buffer ?? owner).fill(1)
console.log('alive')

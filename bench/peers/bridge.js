// paddle-ts with tensors only, run by run: node bridge.js MODEL
// '{"shape":[1,3,224,224],"options":{},"allocate":false}'
import { performance } from 'node:perf_hooks'
import { createPredictor } from '../../dist/index.js'
import { orFail, serve } from './serve.js'

const [model, settings] = process.argv.slice(2)
const { shape, options, allocate = false } = JSON.parse(settings)
const predictor = await orFail(() => createPredictor({ model, cpuThreads: 1, ...options }))
const [{ name }] = predictor.inputs
// The same values as in bench/python/one_by_one.py
const size = shape.reduce((product, length) => product * length, 1)
const data = Float32Array.from({ length: size }, (_, index) => (index % 255) / 255)
const feeds = { [name]: allocate ? allocated() : { dtype: 'float32', shape, data } }
const [output] = predictor.outputs

await serve(
  {},
  {
    answers: async () => [...(await predictor.run(feeds))[output.name].data.subarray(0, 16)],
    run: async ({ times }) => {
      const taken = []
      for (let run = 0; run < times; run += 1) {
        const start = performance.now()
        await predictor.run(feeds)
        taken.push(performance.now() - start)
      }
      return taken
    },
  },
)
await predictor.close()

/** The same values in memory that the worker maps. */
function allocated() {
  const tensor = predictor.allocate(name, shape)
  tensor.data.set(data)
  return tensor
}

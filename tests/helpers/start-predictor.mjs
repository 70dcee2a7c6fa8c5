// Starts a predictor as a user's script does: `node start-predictor.mjs MODEL [run|once|throw]`.
import { createPredictor } from '../../dist/index.js'

const [model, then] = process.argv.slice(2)
console.log('starting')
const predictor = await createPredictor({ model })
const [input] = predictor.inputs
const feed = (batch) => ({
  [input.name]: {
    dtype: 'float32',
    shape: [batch, 3, 224, 224],
    data: new Float32Array(batch * 3 * 224 * 224),
  },
})
if (then === 'run') {
  const running = predictor.run(feed(64))
  console.log('running')
  await running
}
if (then === 'once') {
  const [output] = Object.values(await predictor.run(feed(1)))
  console.log(`ran ${JSON.stringify(output.shape)}`)
}
if (then === 'throw') throw new Error('thrown with a predictor open')

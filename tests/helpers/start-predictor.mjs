// Starts a predictor as a user's script does: `node start-predictor.mjs MODEL
// [stay|run|once|throw|no-files]`.
import { openSync, closeSync } from 'node:fs'
import { setInterval } from 'node:timers'
import { createPredictor } from '../../dist/index.js'

const [model, then] = process.argv.slice(2)
console.log('starting')
if (then === 'no-files') {
  await withoutDescriptors(() => createPredictor({ model })).catch((error) => {
    console.log(error.code, error.message)
  })
}
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
if (then === 'once' || then === 'no-files') {
  const [output] = Object.values(await predictor.run(feed(1)))
  console.log(`ran ${JSON.stringify(output.shape)}`)
}
if (then === 'stay') setInterval(() => undefined, 60_000)
if (then === 'throw') throw new Error('thrown with a predictor open')

/** Works while all but a few descriptors are in use. */
async function withoutDescriptors(work) {
  const opened = []
  try {
    for (;;) opened.push(openSync('/dev/null'))
  } catch {
    for (const descriptor of opened.splice(0, 8)) closeSync(descriptor)
  }
  try {
    return await work()
  } finally {
    for (const descriptor of opened) closeSync(descriptor)
  }
}

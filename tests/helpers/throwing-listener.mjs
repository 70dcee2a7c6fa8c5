// A user's script whose listener throws once: `node throwing-listener.mjs onWarning|onEvent [caught]`.
import { PredictorPool } from '../../dist/index.js'

const [name, caught] = process.argv.slice(2)
if (caught) process.on('uncaughtException', ({ message }) => console.log(`uncaught: ${message}`))

let calls = 0
const listener = () => {
  calls += 1
  if (calls === 1) throw new Error('in the listener')
}
const pool = await PredictorPool.create({
  model: 'models/doctor',
  workers: 1,
  // A warning on a wheel or machine that does not support it.
  device: 'gpu:99',
  strict: false,
  onWarning: () => undefined,
  [name]: listener,
})
const [output] = Object.values(
  await pool.run({ x: { dtype: 'float32', shape: [1, 3], data: new Float32Array(3) } }),
)
console.log(`ran ${JSON.stringify(output.shape)}`)
await pool.close()

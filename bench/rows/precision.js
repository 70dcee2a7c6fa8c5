import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { root } from '../../scripts/run.js'
import { Unavailable } from '../unavailable.js'
import { inTurn } from './in-turn.js'
import { together } from './together.js'

const peer = 'itself in fp32'
const unit = 'ms'
const fp32 = 'imagenet-classifier'

/** @type {import('../measure.js').Row[]} */
export const precisionRows = [
  {
    name: 'bf16',
    what: 'a trained ImageNet classifier in bf16, batch 8, p50',
    peer,
    unit,
    open: (bench) => inPrecision(bench, 'bf16', fp32),
  },
  {
    name: 'int8',
    what: 'the same, quantised to int8, batch 8, p50',
    peer,
    unit,
    open: (bench) => inPrecision(bench, 'int8', 'imagenet-classifier-int8'),
  },
]

/** The folder of trained models and images. */
const data = resolve(process.env.PADDLE_TS_TEST_DATA ?? join(root, '../shared/real'))

async function inPrecision(bench, precision, name) {
  if (!existsSync(join(data, name))) {
    throw new Unavailable(`There is no trained model at ${join(data, name)}: set PADDLE_TS_TEST_DATA.`)
  }
  const accuracy = await accuracyOf(bench, precision, name)
  const settings = (options) => JSON.stringify({ shape: [8, 3, 224, 224], options })
  const starts = [
    () => bench.startNode('bridge.js', [join(data, name), settings({ precision })]),
    () => bench.startNode('bridge.js', [join(data, fp32), settings({})]),
  ]
  return together(starts, async (ours, theirs) => {
    const sides = {
      us: (times) => ours.ask({ do: 'run', times }),
      peer: (times) => theirs.ask({ do: 'run', times }),
    }
    await inTurn(sides, 3)
    return { both: () => inTurn(sides, bench.runs ?? (bench.quick ? 10 : 50)), note: accuracy }
  })
}

/** The results of both on an image of a class that they were trained for. */
async function accuracyOf(bench, precision, name) {
  const image = join(data, 'images', 'hen.jpg')
  const classify = JSON.stringify({ load: { precision } })
  const starts = [
    () => bench.startNode('classifier.js', [join(data, name), classify]),
    () => bench.startNode('classifier.js', [join(data, fp32), '{}']),
  ]
  const { told, close } = await together(starts, async (...peers) => {
    const answers = await Promise.all(peers.map((each) => each.ask({ do: 'answers', image })))
    return { told: answers.map(([{ label, classId, prob }]) => `${label ?? classId} ${prob.toFixed(3)}`) }
  })
  await close()
  return `hen.jpg: ${told[0]}, in fp32 ${told[1]}`
}

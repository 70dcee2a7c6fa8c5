import { join } from 'node:path'
import { root } from '../../scripts/run.js'
import { finished } from '../finished.js'
import { agree } from './agree.js'
import { inTurn } from './in-turn.js'

const bin = join(root, 'bin/paddle-ts.js')

/** @type {import('../measure.js').Row} */
export const coldRow = {
  name: 'cold',
  what: '`paddle-ts infer` on one image, the whole process',
  peer: 'an `infer.py` as the tutorial has it, with Pillow and paddle.inference alone',
  unit: 'ms',
  target: { of: 'ratio', atMost: 1.2 },
  async open(bench) {
    const [model, image, python] = [await bench.model(), await bench.image(), await bench.python()]
    const ours = () => finished(process.execPath, [bin, 'infer', '--model-dir', model, '--img-path', image])
    const script = join(root, 'bench/python/infer.py')
    const theirs = () => finished(python, ['-W', 'ignore', script, model, image])
    agree([answerOf(await ours())], [answerOf(await theirs())], 'infer.py')
    const time = (start) => async (times) => {
      const taken = []
      for (let run = 0; run < times; run += 1) taken.push((await start()).ms)
      return taken
    }
    const sides = { us: time(ours), peer: time(theirs) }
    return { both: () => inTurn(sides, bench.quick ? 1 : 3), close: async () => {} }
  },
}

function answerOf({ stdout }) {
  const [, classId, prob] = /class_id: (\d+), prob: (\S+)/.exec(stdout) ?? []
  return { classId: Number(classId), prob: Number.parseFloat(prob) }
}

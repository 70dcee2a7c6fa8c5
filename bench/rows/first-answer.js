import { join } from 'node:path'
import { root } from '../../scripts/run.js'
import { finished } from '../finished.js'
import { inTurn } from './in-turn.js'
import { together } from './together.js'

const [many, few] = [10_000, 10]
const target = { of: 'ratio', atMost: 1.1 }
const peer = `itself with a folder of ${few}`

/** @type {import('../measure.js').Row[]} */
export const firstAnswerRows = [
  {
    name: 'first-answer',
    what: `first answer of \`classify\` for ${many.toLocaleString('en')} images`,
    peer,
    unit: 'ms',
    target,
    open: async (bench) => {
      const folder = await bench.folder()
      return together([() => bench.startClassifier()], async (classifier) => {
        const first = (images) => async () => [
          (await classifier.ask({ do: 'firstAnswer', folder, images })).seconds * 1000,
        ]
        const sides = { us: first(many), peer: first(few) }
        await inTurn(sides, 2)
        return { both: () => inTurn(sides, bench.quick ? 5 : 20) }
      })
    },
  },
  {
    name: 'first-line',
    what: `first line of \`paddle-ts infer --json\` for a folder of ${many.toLocaleString('en')} images`,
    peer,
    unit: 'ms',
    target,
    open: async (bench) => {
      const [model, folders] = [
        await bench.model(),
        { us: await bench.links(many), peer: await bench.links(few) },
      ]
      const bin = join(root, 'bin/paddle-ts.js')
      const first = async (folder) => {
        const args = [bin, 'infer', '--json', '--model-dir', model, '--img-path', folder]
        return (await finished(process.execPath, args, { untilFirstLine: true })).ms
      }
      return { us: () => first(folders.us), peer: () => first(folders.peer), close: async () => {} }
    },
  },
]

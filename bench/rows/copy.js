import { join } from 'node:path'
import { big } from './bridge.js'
import { inTurn } from './in-turn.js'
import { together } from './together.js'

const bytes = 4 * big[0] * big[1]

/** @type {import('../measure.js').Row} */
export const copyRow = {
  name: 'copy',
  what: '100 MB into a run and 100 MB out of it: the run, less what paddle computes',
  peer: 'a plain copy of the same bytes (`Buffer.copy`)',
  unit: 'GB/s',
  open: async (bench) => {
    const model = join(await bench.nets(), 'same')
    const settings = JSON.stringify({ shape: big })
    const starts = [
      () => bench.startNode('bridge.js', [model, settings]),
      () => bench.startPython('one_by_one.py', [model, settings]),
      () => bench.startNode('memcpy.js', [JSON.stringify({ bytes })]),
    ]
    return together(starts, async (ours, python, memory) => {
      await python.ask({ do: 'answers' })
      const sides = {
        run: (times) => ours.ask({ do: 'run', times }),
        compute: (times) => python.ask({ do: 'compute', times }),
        copy: (times) => memory.ask({ do: 'run', times }),
      }
      await inTurn(sides, 3)
      const rate = (ms) => (2 * bytes) / ms / 1e6
      const both = async () => {
        const { run, compute, copy } = await inTurn(sides, bench.runs ?? (bench.quick ? 5 : 15))
        return { us: rate(run - compute), peer: rate(2 * copy) }
      }
      return { both }
    })
  },
}

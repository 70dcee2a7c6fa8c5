import { join } from 'node:path'
import { inTurn } from './in-turn.js'
import { together } from './together.js'

const unit = 'ms'
const peer = 'the same predictor inside Python: copy in, run, copy out'

/** Rows and columns of the input of 100 MB. */
export const big = [25, 1_000_000]

/** @type {import('../measure.js').Row[]} */
export const bridgeRows = [
  {
    name: 'bridge-1',
    what: 'one run, batch 1, p50',
    peer,
    unit,
    target: { of: 'ratio', atMost: 1.1 },
    open: async (bench) => runByRun(bench, await bench.model(), [1, 3, 224, 224], 300),
  },
  {
    name: 'bridge-8',
    what: 'one run, batch 8, p50',
    peer,
    unit,
    target: { of: 'ratio', atMost: 1 },
    open: async (bench) => runByRun(bench, await bench.model(), [8, 3, 224, 224], 100),
  },
  {
    name: 'bridge-100-mb',
    what: 'one run, a 100 MB input, p50',
    peer,
    unit,
    target: { of: 'ratio', atMost: 1 },
    open: async (bench) => runByRun(bench, join(await bench.nets(), 'mean'), big, 20),
  },
  {
    name: 'bridge-shared',
    what: 'the same, the 100 MB in memory of `allocate()`, p50',
    peer,
    unit,
    open: async (bench) => runByRun(bench, join(await bench.nets(), 'mean'), big, 20, { allocate: true }),
  },
]

function runByRun(bench, model, shape, runs, more = {}) {
  const settings = JSON.stringify({ shape, ...more })
  const starts = [
    () => bench.startPython('one_by_one.py', [model, settings]),
    () => bench.startNode('bridge.js', [model, settings]),
  ]
  return together(starts, async (theirs, ours) => {
    sameNumbers(await ours.ask({ do: 'answers' }), await theirs.ask({ do: 'answers' }))
    const sides = {
      us: (times) => ours.ask({ do: 'run', times }),
      peer: (times) => theirs.ask({ do: 'run', times }),
    }
    await inTurn(sides, 5)
    return { both: () => inTurn(sides, bench.runs ?? (bench.quick ? runs / 5 : runs)) }
  })
}

function sameNumbers(ours, theirs) {
  const near = (value, index) => Math.abs(value - theirs[index]) <= 1e-5 * Math.max(1, Math.abs(value))
  if (ours.length !== theirs.length || !ours.every(near)) {
    throw new Error(`The results differ: ours begin with ${ours}, those inside Python with ${theirs}.`)
  }
}

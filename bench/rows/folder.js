import { agree } from './agree.js'
import { together } from './together.js'

const what = 'folder → answers'
const unit = 'images/s'

/** The tutorial's settings, and the best ones that were measured: see docs/performance.md. */
const tutorialLoop = { threads: 4, batch: 1 }
const bestLoop = { threads: 2, batch: 16 }
const bestOnnx = { threads: 1, batch: 8, ahead: 24 }
const uvThreads = '2'

/** @type {import('../measure.js').Row[]} */
export const folderRows = [
  {
    name: 'tutorial',
    what,
    peer: 'the tutorial: Pillow and paddle.inference in a Python loop, one image at a time, 4 threads',
    unit,
    target: { of: 'ratio', atLeast: 4 },
    open: (bench) => against(bench, 'the tutorial', () => startLoop(bench, tutorialLoop)),
  },
  {
    name: 'python',
    what,
    peer: `the same loop at its best: ${bestLoop.threads} threads, batch ${bestLoop.batch}, oneDNN`,
    unit,
    open: (bench) => against(bench, 'the loop', () => startLoop(bench, bestLoop)),
  },
  {
    name: 'onnxruntime',
    what,
    peer: `onnxruntime-node and sharp at their best: ${bestOnnx.threads} thread, batch ${bestOnnx.batch}, ${bestOnnx.ahead} images decoded ahead, UV_THREADPOOL_SIZE=${uvThreads}`,
    unit,
    target: { of: 'ratio', atLeast: 1 },
    open: (bench) => against(bench, 'onnxruntime', () => startOnnx(bench)),
  },
]

async function startLoop(bench, settings) {
  return bench.startPython('loop.py', [await bench.model(), JSON.stringify(settings)])
}

async function startOnnx(bench) {
  await bench.packages()
  const args = [await bench.onnx(), JSON.stringify(bestOnnx)]
  return bench.startNode('onnxruntime.js', args, { env: { UV_THREADPOOL_SIZE: uvThreads } })
}

async function against(bench, peerName, startPeer) {
  const [folder, image] = [await bench.folder(), await bench.image()]
  return together([startPeer, () => bench.startClassifier()], async (theirs, ours) => {
    agree(await ours.ask({ do: 'answers', image }), await theirs.ask({ do: 'answers', image }), peerName)
    const rate = async (peer, images) => {
      const { seconds } = await peer.ask({ do: 'run', folder, images })
      return images / seconds
    }
    // One-time work is done before the first round.
    for (const peer of [ours, theirs]) await rate(peer, 48)
    return { us: () => rate(ours, bench.count), peer: () => rate(theirs, bench.count) }
  })
}

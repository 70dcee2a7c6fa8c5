import { median } from '../statistics.js'
import { together } from './together.js'

/** The resolution of the delay, in ms, which the reported delay includes. */
const resolution = 1

/** @type {import('../measure.js').Row[]} */
export const loadRows = [
  {
    name: 'loop-delay',
    what: 'delay of Node’s event loop during a folder, p99',
    unit: 'ms',
    target: { of: 'us', atMost: 15 },
    open: async (bench) => {
      const folder = await bench.folder()
      return together([() => bench.startClassifier()], async (classifier) => {
        const delays = async (images) =>
          (await classifier.ask({ do: 'delays', folder, images, resolution })).p99
        await delays(48)
        return { us: () => delays(bench.count), note: `a timer of ${resolution} ms, which is included` }
      })
    },
  },
  {
    name: 'memory',
    what: 'Node’s greatest RSS over a folder',
    unit: 'MB',
    target: { of: 'us', atMost: 180 },
    onlyRound: true,
    open: (bench) => memory(bench, (samples) => Math.max(...samples.map(({ rss }) => rss))),
  },
  {
    name: 'memory-growth',
    what: 'its growth over a folder, once it is warm',
    unit: 'MB',
    target: { of: 'us', atMost: 5 },
    onlyRound: true,
    open: (bench) => memory(bench, growth),
  },
]

/** The growth from the second part of the images to the last one; the first part is the warm-up. */
function growth(samples) {
  const { warm, images } = sizes(samples.at(-1).done)
  const middle = (from, to) =>
    median(samples.filter(({ done }) => done > from && done <= to).map(({ rss }) => rss))
  return middle(images - warm, images) - middle(warm, 2 * warm)
}

function sizes(images) {
  return { images, warm: Math.min(1000, images / 4) }
}

async function memory(bench, valueOf) {
  const { images, warm } = sizes(bench.quick ? 1200 : 20_000)
  const samples = await bench.once('memory', async () => {
    const folder = await bench.folder()
    const classifier = await bench.startClassifier()
    try {
      return await classifier.ask({ do: 'memory', folder, images, every: 50 })
    } finally {
      await classifier.close()
    }
  })
  return {
    us: async () => valueOf(samples),
    note: `${number(images)} images, of which ${number(warm)} to get warm`,
    close: async () => {},
  }
}

function number(value) {
  return value.toLocaleString('en')
}

import { inTurn } from './in-turn.js'
import { together } from './together.js'

/**
 * OpenCV interpolates between two pixels where sharp and Pillow average all, so the difference depends on the
 * image.
 */
const kinds = [
  { library: 'opencv', method: 'linear', apartAtMost: 10 },
  { library: 'pillow', method: 'bilinear', apartAtMost: 0.5 },
]

/** @type {import('../measure.js').Row[]} */
export const resizeRows = kinds.map(({ library, method, apartAtMost }) => ({
  name: `resize-${library}`,
  what: `a decoded picture to 256 × 255, to the pixels of ${library === 'opencv' ? 'OpenCV’s `INTER_LINEAR`' : 'Pillow’s `BILINEAR`'}`,
  peer: 'sharp’s own resize of the same pixels (`kernel: linear`), in the same process',
  unit: 'ms',
  target: { of: 'ratio', atMost: 1.2 },
  open: async (bench) => {
    const settings = JSON.stringify({ path: await bench.image(), library, method })
    return together([() => bench.startNode('resize.js', [settings])], async (child) => {
      const apart = await child.ask({ do: 'apart' })
      if (apart > apartAtMost)
        throw new Error(`The images differ by ${apart} levels on average, more than ${apartAtMost}.`)
      const sides = {
        us: (times) => child.ask({ do: 'ours', times }),
        peer: (times) => child.ask({ do: 'sharp', times }),
      }
      await inTurn(sides, 10)
      return { both: () => inTurn(sides, bench.runs ?? (bench.quick ? 20 : 100)) }
    })
  },
}))

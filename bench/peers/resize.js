// Our resizing and sharp's, of the same decoded image: node resize.js
// '{"path":"…","library":"pillow","method":"bilinear"}'
import { performance } from 'node:perf_hooks'
import sharp from 'sharp'
import { resample } from '../../dist/image/resample/index.js'
import { orFail, serve } from './serve.js'

const { path, library, method } = JSON.parse(process.argv[2])
const [width, height] = [256, 255]

// As in paddle-ts: several images at once use the cores better than one image on all of them.
sharp.concurrency(1)
sharp.cache(false)

const image = await orFail(async () => {
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
})

const sides = {
  ours: async () => {
    const part = { left: 0, top: 0, width, height }
    const { data } = await resample(image, { size: { width, height } }, part, { library, method })
    return data
  },
  sharp: () =>
    sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 } })
      .resize(width, height, { kernel: 'linear', fit: 'fill' })
      .raw()
      .toBuffer(),
}

async function timed(side) {
  const start = performance.now()
  await side()
  return performance.now() - start
}

async function times(side, count) {
  const taken = []
  for (let turn = 0; turn < count; turn += 1) taken.push(await timed(side))
  return taken
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length

await serve(
  {},
  {
    ours: ({ times: count }) => times(sides.ours, count),
    sharp: ({ times: count }) => times(sides.sharp, count),
    /** The mean difference of the two images, in levels of 255. */
    apart: async () => {
      const [ours, theirs] = [await sides.ours(), await sides.sharp()]
      return mean(Array.from(ours, (value, index) => Math.abs(value - theirs[index])))
    },
  },
)

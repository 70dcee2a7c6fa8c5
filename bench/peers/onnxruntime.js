// onnxruntime-node and sharp from a folder to results: node onnxruntime.js NETWORK.onnx
// '{"threads":1,"batch":8,"ahead":24}'
import { performance } from 'node:perf_hooks'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import sharp from 'sharp'
import { listImages } from './list-images.js'
import { serve } from './serve.js'

const [network, settings] = process.argv.slice(2)
const { threads, batch, ahead } = JSON.parse(settings)
const [short, side] = [256, 224]
const plane = side * side
const mean = [0.485, 0.456, 0.406]
const deviation = [0.229, 0.224, 0.225]
const scales = deviation.map((value) => 1 / (255 * value))
const shifts = mean.map((value, channel) => -value / deviation[channel])

// One image per libuv thread: as many images at once as there are threads, none of which waits for parts of
// another image.
sharp.concurrency(1)
sharp.cache(false)
const session = await InferenceSession.create(network, {
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
})
const [input] = session.inputNames
const [output] = session.outputNames

await serve(
  {},
  {
    answers: async ({ image }) => best((await scoresOf([await decode(image)]))[0], 5),
    run: ({ folder, images }) => timed(listImages(folder, images)),
  },
)

/** Preprocesses as the tutorial does; by default, sharp shrinks a JPEG while decoding it. */
async function decode(path) {
  const image = sharp(path).resize({ width: short, height: short, fit: 'outside', kernel: 'linear' })
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

function normalise({ data, width, height }, into, offset) {
  const [top, left] = [(height - side) >> 1, (width - side) >> 1]
  const [scale0, scale1, scale2] = scales
  const [shift0, shift1, shift2] = shifts
  let to = offset
  for (let y = 0; y < side; y += 1) {
    let from = ((top + y) * width + left) * 3
    for (let x = 0; x < side; x += 1, from += 3, to += 1) {
      into[to] = data[from] * scale0 + shift0
      into[to + plane] = data[from + 1] * scale1 + shift1
      into[to + 2 * plane] = data[from + 2] * scale2 + shift2
    }
  }
}

async function scoresOf(pictures) {
  const pixels = new Float32Array(pictures.length * 3 * plane)
  for (const [index, picture] of pictures.entries()) normalise(picture, pixels, index * 3 * plane)
  const { [output]: scores } = await session.run({
    [input]: new Tensor('float32', pixels, [pictures.length, 3, side, side]),
  })
  const classes = scores.dims[1]
  return pictures.map((_, index) => scores.data.subarray(index * classes, (index + 1) * classes))
}

/** While a batch computes, the next `ahead` images are decoded. */
async function timed(paths) {
  const start = performance.now()
  const decoding = paths.slice(0, ahead).map(decode)
  let next = decoding.length
  let images = 0
  for (let from = 0; from < paths.length; from += batch) {
    const pictures = []
    for (const picture of decoding.splice(0, batch)) pictures.push(await picture)
    for (let more = 0; more < pictures.length && next < paths.length; more += 1) {
      decoding.push(decode(paths[next]))
      next += 1
    }
    for (const scores of await scoresOf(pictures)) {
      best(scores, 1)
      images += 1
    }
  }
  return { images, seconds: (performance.now() - start) / 1000 }
}

function best(scores, count) {
  if (count === 1) {
    let classId = 0
    for (let each = 1; each < scores.length; each += 1) if (scores[each] > scores[classId]) classId = each
    return [{ classId, prob: scores[classId] }]
  }
  return [...scores.keys()]
    .sort((a, b) => scores[b] - scores[a])
    .slice(0, count)
    .map((classId) => ({ classId, prob: scores[classId] }))
}

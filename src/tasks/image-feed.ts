import { setImmediate as nextTurn } from 'node:timers/promises'
import { inputSize, writeInput, type RgbImage } from '../image/index.js'
import { trustedWriter, type FeedWriter } from '../inference/index.js'
import type { Preprocessing, Size } from '../model/index.js'
import type { WriteTimes } from './task.js'

/** Images of one size as the network's input: float32 [N,C,H,W], written into the worker's memory. */
export function imageFeed(
  images: readonly RgbImage[],
  preprocessing: Preprocessing,
  times: WriteTimes,
): FeedWriter<'float32'> {
  const { width, height } = inputSize(preprocessing, images[0] ?? { width: 0, height: 0 })
  const { planes } = preprocessing
  return trustedWriter({
    dtype: 'float32',
    shape: [images.length, planes, height, width],
    write: async (data) => {
      for (const [index, image] of images.entries()) {
        // Between two images other work of the process gets its turn.
        if (index > 0) await nextTurn()
        const start = performance.now()
        writeInput(data, index * planes * width * height, image, preprocessing)
        times.written = performance.now()
        times.writing += times.written - start
      }
    },
  })
}

/** Images of the same kind have the same size. */
export function sizeKind({ width, height }: RgbImage): string {
  return `${width}×${height}`
}

/** An image of nothing, for runs whose answer nobody reads. */
export function blankImage({ width, height }: Size): RgbImage {
  return { width, height, data: new Uint8Array(3 * width * height) }
}

// Detects images of text lines that are upside down: node textline-orientation.ts MODEL_DIR IMAGE…
import { imageTensor, Pipeline, readImage, resizeImage } from 'paddle-ts'

const [modelDir, ...images] = process.argv.slice(2)
if (modelDir === undefined || images.length === 0) {
  console.error('Usage: node textline-orientation.ts MODEL_DIR IMAGE…')
  process.exit(2)
}
// A mistake such as a missing file is one line; only a bug has a stack.
process.on('uncaughtException', (error) => {
  console.error('code' in error ? error.message : error)
  process.exit(1)
})
const [width, height] = [192, 48]

await using orientation = await Pipeline.load(modelDir, {
  preprocess: async (path: string) => {
    const image = await readImage(path)
    const fitting = Math.min(width, Math.ceil((height * image.width) / image.height))
    const x = imageTensor(await resizeImage(image, { width: fitting, height }), {
      channels: 'BGR',
      normalise: { scale: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
      padding: [{ to: { width, height }, fill: [0, 0, 0], isNormalised: false }],
    })
    return { feeds: { x } }
  },
  postprocess: (outputs) => {
    const [upright = 0, turned = 0] = Object.values(outputs)[0]?.data ?? []
    return turned > upright ? { degrees: 180, score: Number(turned) } : { degrees: 0, score: Number(upright) }
  },
})
for await (const { input, value, error } of orientation.run(images, { batchSize: 8 })) {
  console.log(`${input}: ${value ? `${value.degrees}° (${value.score.toFixed(3)})` : error.message}`)
  if (error) process.exitCode = 1
}

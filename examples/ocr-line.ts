// Reads text in images of single lines with a PP-OCR recogniser: node ocr-line.ts MODEL_DIR [DICT.txt] IMAGE…
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { imageTensor, inspectModel, Pipeline, readImage, resizeImage, type Tensor } from 'paddle-ts'
import { parse } from 'yaml'

const [modelDir, ...images] = process.argv.slice(2)
const dict = images[0]?.endsWith('.txt') ? images.shift() : undefined
if (modelDir === undefined || images.length === 0) {
  console.error('Usage: node ocr-line.ts MODEL_DIR [DICT.txt] IMAGE…')
  process.exit(2)
}
// A mistake such as a missing file is one line; only a bug has a stack.
process.on('uncaughtException', (error) => {
  console.error('code' in error ? error.message : error)
  process.exit(1)
})

/** From PP-OCRv5 on, the model's own file lists the characters; earlier models come with a text file of them. */
async function dictionary(): Promise<string[]> {
  if (dict !== undefined) return (await readFile(dict, 'utf8')).trimEnd().split('\n')
  const file = join(modelDir ?? '', 'inference.yml')
  const { PostProcess } = parse(await readFile(file, 'utf8')) as {
    PostProcess?: { character_dict?: unknown[] }
  }
  if (PostProcess?.character_dict) return PostProcess.character_dict.map(String)
  throw Object.assign(new Error(`${file} lists no characters: pass their file, DICT.txt.`), {
    code: 'NO_DICTIONARY',
  })
}

/** Class 0 is the blank of CTC, the last one a space. */
const characters = ['', ...(await dictionary()), ' ']
/** PP-OCRv2 and earlier take lines of 32 pixels, later ones of 48: the program declares it. */
const [input] = (await inspectModel(modelDir)).inputs
const declared = input?.shape[2] ?? -1
const height = declared > 0 ? declared : 48
const leastWidth = 320

/** Like PaddleOCR's `resize_norm_img`: as high as the network takes, -1 to 1, BGR, padded with zeros on the right. */
async function preprocess(path: string): Promise<{ feeds: { x: Tensor<'float32'> } }> {
  const image = await readImage(path)
  const width = Math.ceil((height * image.width) / image.height)
  const x = imageTensor(await resizeImage(image, { width, height }), {
    channels: 'BGR',
    normalise: { scale: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
    padding: [{ to: { width: Math.max(width, leastWidth), height }, fill: [0, 0, 0], isNormalised: false }],
  })
  return { feeds: { x } }
}

/** Greedy CTC decoding: the best class of each step, without repetitions and blanks. */
function decode({ data, shape: [, steps = 0, classes = 0] }: Tensor): { text: string; score: number } {
  const kept: { character: string; score: number }[] = []
  let last = 0
  for (let step = 0; step < steps; step += 1) {
    const scores = Array.from(data.subarray(step * classes, (step + 1) * classes), Number)
    const score = Math.max(...scores)
    const best = scores.indexOf(score)
    if (best !== 0 && best !== last) kept.push({ character: characters[best] ?? '', score })
    last = best
  }
  const sum = kept.reduce((total, { score }) => total + score, 0)
  return {
    text: kept.map(({ character }) => character).join(''),
    score: kept.length > 0 ? sum / kept.length : 0,
  }
}

await using recogniser = await Pipeline.load(modelDir, {
  preprocess,
  postprocess: (outputs) => {
    const [first] = Object.values(outputs)
    if (!first) throw new Error('The model puts out nothing.')
    return decode(first)
  },
})
for await (const { input, value, error } of recogniser.run(images, { batchSize: 8 })) {
  if (value) console.log(`${input}: ${value.text} (${value.score.toFixed(3)})`)
  else {
    console.error(`${basename(input)}: ${error.message}`)
    process.exitCode = 1
  }
}

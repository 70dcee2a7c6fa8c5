// Classifies one image: node classify-one.ts IMAGE [MODEL_DIR]
// Without a folder, the built-in model recognises one printed character, 0 to 9 or A to Z.
import { ImageClassifier, PaddleError } from 'paddle-ts'

const [image, modelDir, ...others] = process.argv.slice(2)
if (image === undefined || others.length > 0) {
  console.error('Usage: node classify-one.ts IMAGE [MODEL_DIR]')
  process.exit(2)
}

try {
  // The worker ends with this block, even if it throws.
  await using classifier = await ImageClassifier.load(modelDir, { topK: 3 })
  const { topK } = await classifier.classifyOne(image)
  for (const { classId, score, label } of topK) console.log(label ?? `class ${classId}`, score.toFixed(4))
} catch (error) {
  // The message says what to do. Any other error is a bug in this program.
  if (!(error instanceof PaddleError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

// @ts-check
// Classifies one image, in plain JavaScript for Node 20 and later: node classify-one.mjs IMAGE [MODEL_DIR]
import { ImageClassifier, PaddleError } from 'paddle-ts'

const [image, modelDir, ...others] = process.argv.slice(2)
if (image === undefined || others.length > 0) {
  console.error('Usage: node classify-one.mjs IMAGE [MODEL_DIR]')
  process.exit(2)
}

/** @type {ImageClassifier | undefined} */
let classifier
try {
  classifier = await ImageClassifier.load(modelDir, { topK: 3 })
  const { topK } = await classifier.classifyOne(image)
  for (const { classId, score, label } of topK) console.log(label ?? `class ${classId}`, score.toFixed(4))
} catch (error) {
  if (!(error instanceof PaddleError)) throw error
  console.error(error.message)
  process.exitCode = 1
} finally {
  // What `await using` does by itself, which Node has from 24 on.
  await classifier?.close()
}

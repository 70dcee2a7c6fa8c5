// Classifies one image: node classify-one.ts IMAGE [MODEL_DIR]
// Without a folder the model is the package's own, which reads one printed character, 0 to 9 or A to Z.
import { ImageClassifier, PaddleError } from 'paddle-ts'

const [image, modelDir, ...others] = process.argv.slice(2)
if (image === undefined || others.length > 0) {
  console.error('Usage: node classify-one.ts IMAGE [MODEL_DIR]')
  process.exit(2)
}

try {
  // The Python process that runs the network ends with this block, whatever happens in it.
  await using classifier = await ImageClassifier.load(modelDir, { topK: 3 })
  for await (const { topK, error } of classifier.classify(image)) {
    // What is wrong with an image is its answer, so that in a batch the others go on; here there is no other.
    if (error) throw error
    for (const { classId, score, label } of topK) console.log(label ?? `class ${classId}`, score.toFixed(4))
  }
} catch (error) {
  // Its message says what to do; anything else is a mistake in this program, and worth its stack.
  if (!(error instanceof PaddleError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

// Classifies one image: classify-one.ts MODEL_DIR IMAGE
import { ImageClassifier } from 'paddle-ts'

const [modelDir = 'model', image = 'images/demo.jpg'] = process.argv.slice(2)

await using classifier = await ImageClassifier.load(modelDir)
for await (const answer of classifier.classify(image, { topK: 3 })) {
  if (answer.error) throw answer.error
  for (const { classId, prob, label } of answer.topK) console.log(classId, prob.toFixed(4), label ?? '')
}

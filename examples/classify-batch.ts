// Classifies every JPEG below a folder, eight at a time: classify-batch.ts MODEL_DIR FOLDER
// A bad image is reported in its place, and the others go on.
import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { ImageClassifier } from 'paddle-ts'

const [modelDir = 'model', folder = 'images'] = process.argv.slice(2)

async function* jpegsIn(path: string): AsyncGenerator<string> {
  for await (const entry of await opendir(path, { recursive: true })) {
    if (entry.isFile() && /\.jpe?g$/i.test(entry.name)) yield join(entry.parentPath, entry.name)
  }
}

let failed = 0
await using classifier = await ImageClassifier.load(modelDir)
for await (const { image, topK, error } of classifier.classify(jpegsIn(folder), { batchSize: 8 })) {
  const [best] = topK ?? []
  if (best) console.log(`${image}: class ${best.classId} (${best.prob.toFixed(4)})`)
  else console.error(`${image}: ${error?.message ?? ''}`)
  if (error) failed++
}
if (failed > 0) process.exitCode = 1

// @ts-check
// Classifies one image, from a CommonJS module: node classify-one.cjs IMAGE [MODEL_DIR]
'use strict'

// paddle-ts is an ES module, which require() loads from Node 20.19 on. Where a loader in between cannot (a bundler, an old test
// runner), `await import('paddle-ts')` inside of an async function gives the same.
const { ImageClassifier, PaddleError } = require('paddle-ts')

const [image, modelDir, ...others] = process.argv.slice(2)
if (image === undefined || others.length > 0) {
  console.error('Usage: node classify-one.cjs IMAGE [MODEL_DIR]')
  process.exit(2)
}

/** @param {string} path */
async function classify(path) {
  const classifier = await ImageClassifier.load(modelDir, { topK: 3 })
  try {
    const { topK } = await classifier.classifyOne(path)
    for (const { classId, score, label } of topK) console.log(label ?? `class ${classId}`, score.toFixed(4))
  } finally {
    await classifier.close()
  }
}

classify(image).catch((/** @type {unknown} */ error) => {
  if (!(error instanceof PaddleError)) throw error
  console.error(error.message)
  process.exitCode = 1
})

import '../helpers/nothing-left.js'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { ImageClassifier } from '../../src/index.js'
import { runPython } from '../helpers/python.js'

const fonts = fileURLToPath(new URL('../../node_modules/@expo-google-fonts', import.meta.url))

/** Number of images of each character. */
const pictures = 20

// These seven fonts are harder than the held-out fonts of models/README.md, which documents both accuracies;
// tests/python tests the other one.
test('the model of the package reads fonts that it was not trained on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'held-out-'))
  try {
    const families = await runPython('render_characters.py', [fonts, folder, String(pictures)])
    expect(JSON.parse(families)).toEqual([
      'Archivo Black',
      'Arvo',
      'Atkinson Hyperlegible',
      'Crete Round',
      'DM Serif Text',
      'Patrick Hand',
      'Space Mono',
    ])
    const names = await readdir(folder)
    expect(names).toHaveLength(36 * pictures)
    const wrong: string[] = []
    const warnings: string[] = []
    await using classifier = await ImageClassifier.load(undefined, {
      onWarning: ({ code }) => warnings.push(code),
    })
    const images = names.map((name) => join(folder, name))
    for await (const { image, topK } of classifier.classify(images, { batchSize: 16 })) {
      const name = basename(image)
      const label = topK?.[0]?.label ?? 'nothing'
      if (label !== name.split('-')[1]) wrong.push(`${name}: ${label}`)
    }
    // No hint that the model does not know such images.
    expect(warnings).toEqual([])
    const accuracy = 1 - wrong.length / names.length
    expect({ accurate: accuracy >= 0.95, ...(accuracy < 0.95 && { accuracy, wrong }) }).toEqual({
      accurate: true,
    })
  } finally {
    await rm(folder, { recursive: true })
  }
})

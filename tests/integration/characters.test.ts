import '../helpers/nothing-left.js'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { ImageClassifier } from '../../src/index.js'

const folder = fileURLToPath(new URL('../../images/characters', import.meta.url))

test('the model of the package classifies all its example images correctly', async () => {
  const names = (await readdir(folder)).sort()
  expect(names).toEqual([
    '2-turned-by-exif.jpg',
    '4-house-number.webp',
    '5-shadow.jpg',
    '7-rotated.png',
    'B-number-plate.jpg',
    'E-low-light.jpg',
    'G-transparent.png',
    'K-blurred.jpg',
    'Q-grey.png',
    'R-street-sign.jpg',
    'W-light-sign.webp',
    'X-16-bit.png',
  ])
  const read: string[] = []
  const unsure: string[] = []
  await using classifier = await ImageClassifier.load()
  for await (const { image, topK } of classifier.classify(names.map((name) => join(folder, name)))) {
    const [best] = topK ?? []
    read.push(`${best?.label ?? 'nothing'} for ${basename(image)}`)
    if (best === undefined || best.score < 0.7) unsure.push(`${basename(image)}: ${String(best?.score)}`)
  }
  expect(read).toEqual(names.map((name) => `${name.charAt(0)} for ${name}`))
  expect(unsure).toEqual([])
})

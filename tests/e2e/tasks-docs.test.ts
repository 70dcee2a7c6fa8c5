import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDetectors } from '../helpers/nets.js'
import { blocksOf, makeProject, root, type Project } from '../helpers/project.js'
import { describeReal, realModels } from '../helpers/real-models.js'

let project: Project
beforeAll(async () => {
  project = await makeProject()
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
})

test('docs/tasks.md: its TypeScript', async () => {
  await project.shell('paddle-ts export --save-inference-dir model')
  await using nets = await makeDetectors()
  await cp(join(nets.folder, 'counted'), join(project.folder, 'detector'), { recursive: true })
  const [classes, boxes, anyModel, ...others] = await blocksOf('docs/tasks.md', 'ts')
  expect(others).toEqual([])
  expect(await project.typeScript(classes!)).toBe('images/demo.jpg 5\nnone.jpg IMAGE_NOT_FOUND')
  expect(await project.typeScript(boxes!)).toMatch(/^images\/demo\.jpg \[.*\]$/s)
  expect(await project.typeScript(anyModel!)).toMatch(/^images\/demo\.jpg \d+ × \d+: 1000 scores$/)
})

describeReal('examples', () => {
  const example = (name: string): Promise<string> => readFile(join(root, 'examples', name), 'utf8')
  const image = (name: string): string => join(realModels, 'images', name)

  test('ocr-line.ts reads words', async () => {
    const model = join(realModels, 'ocr-recognizer-en')
    const images = [image('word-joint.png'), image('word-yourself.png')]
    const lines = await project.typeScript(await example('ocr-line.ts'), [
      ...[model, join(model, 'dict.txt')],
      ...images,
    ])
    expect(lines).toMatch(
      /^\S+word-joint\.png: JOINT \(0\.989\)\n\S+word-yourself\.png: yourself \(0\.937\)$/,
    )
  })

  test('textline-orientation.ts tells which line is upside down', async () => {
    const images = [image('textline-0.png'), image('textline-180.png')]
    const lines = await project.typeScript(await example('textline-orientation.ts'), [
      join(realModels, 'textline-orientation'),
      ...images,
    ])
    expect(lines).toBe(images.map((path, index) => `${path}: ${180 * index}° (1.000)`).join('\n'))
  })
})

import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { makeDetectors, makeEmbedder, makeSegmenters } from '../helpers/nets.js'
import { takeBlocks } from '../helpers/pages.js'
import { makeProject, type Project } from '../helpers/project.js'

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
  await using embedder = await makeEmbedder(6)
  await cp(embedder.folder, join(project.folder, 'features'), { recursive: true })
  await using segmenters = await makeSegmenters()
  await cp(join(segmenters.folder, 'scores'), join(project.folder, 'segmenter'), { recursive: true })
  await using persons = await makeEmbedder(26)
  await cp(persons.folder, join(project.folder, 'persons'), { recursive: true })
  const yml =
    'PreProcess: {transform_ops: [ResizeImage: {size: 32}, ToCHWImage: ]}\nPostProcess: {PersonAttribute: }\n'
  await writeFile(join(project.folder, 'persons', 'inference.yml'), yml)
  const [classes, boxes, vectors, segments, attributes, anyModel, oneImage, fromUrl] = await takeBlocks(
    'docs/tasks.md',
    'ts ts ts ts ts ts ts ts',
  )
  expect(await project.typeScript(classes)).toBe('images/demo.jpg 5\nnone.jpg IMAGE_NOT_FOUND')
  expect(await project.typeScript(boxes)).toMatch(/^images\/demo\.jpg \[.*\]$/s)
  expect(await project.typeScript(vectors)).toBe('images/demo.jpg 6\nnone.jpg IMAGE_NOT_FOUND')
  expect(await project.typeScript(segments)).toBe('images/demo.jpg 420550 3\nnone.jpg IMAGE_NOT_FOUND')
  expect(await project.typeScript(attributes)).toMatch(
    /^images\/demo\.jpg Gender Age Direction Glasses Hat HoldObjectsInFront Bag Upper( Upper)* Lower( Lower)* Shoes\nnone\.jpg IMAGE_NOT_FOUND$/,
  )
  expect(await project.typeScript(anyModel)).toMatch(/^images\/demo\.jpg \d+ × \d+: 1000 scores$/)
  expect(await project.typeScript(oneImage)).toBe('1')
  // There is no such host here.
  expect(await project.typeScript(fromUrl)).toBe('https://minio.internal/photo.jpg DOWNLOAD_FAILED')
})

import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { commandsIn, takeBlocks } from '../helpers/pages.js'
import { makeProject, type Project } from '../helpers/project.js'
import { testPython } from '../helpers/python.js'

const [commands, fiveInPython, five, tensorRtInPython, tensorRt, fromOnnx] = await takeBlocks(
  'docs/migrating.md',
  'sh python ts python ts diff',
)

let project: Project
beforeAll(async () => {
  project = await makeProject()
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
})

async function python(source: string): ReturnType<Project['shell']> {
  await writeFile(join(project.folder, 'script.py'), source)
  return project.shell(`'${await testPython()}' -E -s script.py`)
}

test('docs/migrating.md: its commands', async () => {
  const [exporting, inferring, ...others] = commandsIn(commands)
  expect(others).toEqual([])
  expect(await project.shell(exporting!)).toMatchObject({
    exitCode: 0,
    stdout: 'inference model has been saved into model',
  })
  expect((await readdir(join(project.folder, 'model'))).sort()).toEqual([
    'inference.pdiparams',
    'inference.pdiparams.info',
    'inference.pdmodel',
  ])
  expect(await project.shell(inferring!)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^image_name: images\/demo\.jpg, class_id: \d+, prob: 0\.001\d+$/),
  })
})

test('its five steps return the same in TypeScript and in Python', async () => {
  const [there, here] = await Promise.all([python(fiveInPython), project.typeScript(five)])
  expect(there).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\[1, 1000\] \d+$/) })
  expect(here).toBe(there.stdout.replace('[1, 1000]', '[ 1, 1000 ]'))
})

test('its TensorRT code, up to the error of a wheel without CUDA', async () => {
  const [there, here] = await Promise.all([python(tensorRtInPython), project.typeScript(tensorRt)])
  expect(there).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr: expect.stringContaining('To use Paddle-TensorRT, please compile with TENSORRT first.'),
  })
  expect(here).toBe('ENGINE_UNAVAILABLE')
})

// onnxruntime-node is not installed; only the replacement code runs.
test('its replacement for onnxruntime-node', async () => {
  const lines = fromOnnx.split('\n').filter((line) => !line.startsWith('-'))
  const source = lines.map((line) => line.slice(1)).join('\n')
  expect(source).not.toContain('onnxruntime')
  expect(await project.typeScript(source)).toBe('[ 1, 1000 ] 1000')
})

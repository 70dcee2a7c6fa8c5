import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { blocksOf, commandsOf, makeProjectWithModel, type Project } from '../helpers/project.js'

let project: Project
beforeAll(async () => {
  project = await makeProjectWithModel()
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
})

test('the TypeScript of docs/config.md', async () => {
  const [config = '', options = '', ...others] = await blocksOf('docs/config.md', 'ts')
  expect(others).toEqual([])
  expect(await project.typeScript(config)).toBe('2 true\nfalse\ncpu 2')
  expect(await project.typeScript(options)).toBe('true true fp32')
})

test('its command', async () => {
  const [command = '', ...others] = await commandsOf('docs/config.md')
  expect(others).toEqual([])
  const { stdout, stderr, exitCode } = await project.shell(command)
  expect({ stdout, stderr, exitCode }).toMatchObject({
    stdout: expect.stringMatching(/^image_name: \.\/images\/demo\.jpg, class_id: \d+, prob: 0\.00\d+$/),
    exitCode: 0,
  })
})

test('the TypeScript of docs/gpu.md, on a CPU wheel', async () => {
  const [gpu = '', lenient = '', shapes = '', ...others] = await blocksOf('docs/gpu.md', 'ts')
  expect(others).toEqual([])
  expect(await project.typeScript(gpu)).toBe('DEVICE_UNAVAILABLE')
  expect(await project.typeScript(lenient)).toBe('DEVICE_UNAVAILABLE\ncpu')
  expect(await project.typeScript(shapes)).toBe('true')
})

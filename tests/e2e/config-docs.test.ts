import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { takeBlocks } from '../helpers/pages.js'
import { makeProjectWithModel, type Project } from '../helpers/project.js'

let project: Project
beforeAll(async () => {
  project = await makeProjectWithModel()
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
})

const [config, options, command] = await takeBlocks('docs/config.md', 'ts ts sh')

test('the TypeScript of docs/config.md', async () => {
  expect(await project.typeScript(config)).toBe('2 true\nfalse\ncpu 2')
  expect(await project.typeScript(options)).toBe('true true fp32')
})

test('the command of docs/config.md', async () => {
  const { stdout, stderr, exitCode } = await project.shell(command)
  expect({ stdout, stderr, exitCode }).toMatchObject({
    stdout: expect.stringMatching(/^image_name: \.\/images\/demo\.jpg, class_id: \d+, prob: 0\.00\d+$/),
    exitCode: 0,
  })
})

test('the TypeScript of docs/gpu.md, on a CPU wheel', async () => {
  const [gpu, lenient, shapes] = await takeBlocks('docs/gpu.md', 'ts ts ts')
  expect(await project.typeScript(gpu)).toBe('DEVICE_UNAVAILABLE')
  expect(await project.typeScript(lenient)).toBe('DEVICE_UNAVAILABLE\ncpu')
  expect(await project.typeScript(shapes)).toBe('true')
})

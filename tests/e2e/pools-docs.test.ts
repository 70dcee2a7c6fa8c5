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

const [pool, shown, events, models, warnings, command] = await takeBlocks(
  'docs/pools.md',
  'ts json ts ts ts sh',
)

test('docs/pools.md: its TypeScript', async () => {
  expect(await project.typeScript(pool)).toBe('4 4')
  expect(await project.typeScript(events)).toBe('0 0 0')
  expect(await project.shell('cp -r model detector')).toMatchObject({ exitCode: 0 })
  expect(await project.typeScript(models)).toBe('1 1 1')
  expect(await project.typeScript(warnings)).toBe('true undefined')
})

test('docs/pools.md: its command', async () => {
  expect(await project.shell(command)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^image_name: images\/demo\.jpg, class_id: \d+, prob: 0\.00\d+$/),
  })
})

test('docs/pools.md: stats() has the documented shape', async () => {
  const source =
    "import { PredictorPool } from 'paddle-ts'\n" +
    "await using pool = await PredictorPool.create({ model: 'model', workers: 2 })\n" +
    'console.log(JSON.stringify(pool.stats()))'
  const stats = JSON.parse(await project.typeScript(source)) as object
  expect(formOf(stats)).toEqual(formOf(JSON.parse(shown)))
})

/** The keys at every depth. Before the first run, values that JSON does not have are null. */
function formOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(formOf)
  if (typeof value !== 'object' || value === null) return 'a number'
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, formOf(each)]))
}

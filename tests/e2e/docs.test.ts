import { createReadStream } from 'node:fs'
import { appendFile, cp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { jsonFormat } from '../../src/commands/infer/results/formats.js'
import { taskDefinition, type ImageResult } from '../../src/tasks/index.js'
import { hostileServer } from '../helpers/hostile-server.js'
import { makeEmbedder } from '../helpers/nets.js'
import { commandsIn, takeBlocks } from '../helpers/pages.js'
import { makeProjectWithModel, type Project } from '../helpers/project.js'

let project: Project
beforeAll(async () => {
  project = await makeProjectWithModel()
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
})

// MobileNetV3 has random weights here: its 1000 classes are about equally likely.
const answer = /^image_name: images\/demo\.jpg, class_id: \d+, prob: 0\.00(1|09)\d*$/

test('docs/errors.md', async () => {
  const [block] = await takeBlocks('docs/errors.md', 'ts')
  expect(await project.typeScript(block)).toBe(
    'There is no model at no-such-folder.\nCheck the path, or create one: paddle-ts export --save-inference-dir no-such-folder',
  )
})

test('docs/security.md', async () => {
  const [command, block] = await takeBlocks('docs/security.md', 'sh ts')
  expect(await project.shell(command)).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(/^PADDLE-TS \d+: worker \d+: started /m),
  })
  expect(await project.typeScript(block)).toBe('')
})

test('docs/infer.md', async () => {
  const [command, fromUrl, classes, boxes, segments, vectors, drawn, batch, withoutErrors, block] =
    await takeBlocks('docs/infer.md', 'sh sh json json json sh sh sh sh ts')
  expect(await project.shell(command)).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(answer) })
  // There is no internet here, but a server on loopback, which has to be allowed.
  await using server = await hostileServer((_, response) =>
    createReadStream(join(project.folder, 'images/demo.jpg')).pipe(response),
  )
  const local = fromUrl.replace(
    'https://example.com/photo.jpg',
    `--allow-hosts 127.0.0.1 ${server.at().href}`,
  )
  expect(await project.shell(local)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining(server.at().href),
  })
  expect(
    await project.typeScript(block.replace("['a.jpg', 'b.jpg']", "['images/demo.jpg', 'b.jpg']")),
  ).toMatch(
    /^images\/demo\.jpg \[\n(?: {2}\{\n(?: {4}\w+: \S+\n)+ {2}\},?\n){5}\]\nb\.jpg There is no image at b\.jpg\.\n/,
  )

  // The JSON in the page has the same keys as the output.
  for (const [task, shown] of [
    ['classify', classes],
    ['detect', boxes],
    ['segment', segments],
  ] as const) {
    const { results } = await taskDefinition(task)
    for (const line of commandsIn(shown)) {
      expect(jsonFormat(results).lines(JSON.parse(line) as ImageResult)).toBe(`${line}\n`)
    }
  }

  await using embedder = await makeEmbedder(6)
  await cp(embedder.folder, join(project.folder, 'features'), { recursive: true })
  const skipped = 'Skipped 1 subfolder (add --recursive for the images in subfolders).'
  expect(await project.shell(vectors)).toEqual({ exitCode: 0, stdout: '', stderr: skipped })
  expect((await stat(join(project.folder, 'features.npy'))).size).toBeGreaterThan(128)

  const file = (name: string): Promise<string> => readFile(join(project.folder, name), 'utf8')
  expect(await project.shell(drawn)).toMatchObject({ exitCode: 0 })
  const images = ['astronaut.jpg', 'cat.jpg', 'demo.jpg']
  expect((await readdir(join(project.folder, 'drawn'))).sort()).toEqual(images)
  expect(await project.shell(batch)).toEqual({ exitCode: 0, stdout: '', stderr: skipped })
  const results = await file('results.jsonl')
  expect(
    results.split('\n').map((line) => /^{"image":"images\/(.*)","topK":\[.*\]}$/.exec(line)?.[1]),
  ).toEqual([...images, undefined])
  const told = 'All 3 images already have a result.'
  expect(await project.shell(batch)).toEqual({ exitCode: 0, stdout: '', stderr: `${skipped}\n${told}` })
  expect(await file('results.jsonl')).toBe(results)
  await appendFile(join(project.folder, 'results.jsonl'), '{"image":"b.jpg","error":{"code":"TIMEOUT"}}\n')
  expect(await project.shell(withoutErrors)).toMatchObject({ exitCode: 0 })
  expect(await file('kept.jsonl')).toBe(results)
})

const [environment, auto, fromPypi, indexes, wheel, offline, plain] = await takeBlocks(
  'docs/environment.md',
  'ts sh sh sh sh sh js',
)

describe('docs/environment.md', () => {
  test('its TypeScript finds the Python', async () => {
    expect(await project.typeScript(`${environment}\nconsole.log(path)`)).toMatch(/\/bin\/python3?$/)
  })

  test('its JavaScript closes its resources', async () => {
    await writeFile(join(project.folder, 'plain.js'), plain)
    expect(await project.shell('node plain.js')).toEqual({
      exitCode: 0,
      stdout: 'images/demo.jpg 1',
      stderr: '',
    })
  })

  // Without a network and a GPU, the commands fail in pip or at the missing wheel.
  test('its commands for GPU wheels are valid (they fail without a network)', async () => {
    const unreachable = (home: string) => ({
      PADDLE_TS_HOME: join(project.folder, home),
      PADDLE_TS_PYTHON: '',
      HTTPS_PROXY: 'http://127.0.0.1:1',
      https_proxy: 'http://127.0.0.1:1',
      PIP_RETRIES: '1',
      PIP_FIND_LINKS: '',
    })
    const lines = [auto, fromPypi, indexes, wheel].flatMap(commandsIn)
    expect(lines).toHaveLength(7)
    // In parallel, because pip waits between retries.
    const all = await Promise.all(
      lines.map((line, index) => project.shell(line, unreachable(`gpu-${index}`))),
    )
    expect(all[0]?.stderr).toMatch(/^- Using (the CPU wheel, paddlepaddle|paddlepaddle-gpu) 3\.3\.1/m)
    const codeOf = (line: string): string =>
      line.includes('--wheel') ? 'ENVIRONMENT_WHEEL_INVALID' : 'ENVIRONMENT_NO_NETWORK'
    expect(all).toEqual(
      lines.map((line) => ({
        exitCode: 1,
        stdout: '',
        stderr: expect.stringMatching(new RegExp(`\\[${codeOf(line)}\\]$`)),
      })),
    )
  })

  test('its two commands for a machine without a network', async () => {
    const [download, install, ...others] = commandsIn(offline)
    expect(others).toEqual([])
    expect(await project.shell(download!)).toMatchObject({ exitCode: 0 })
    const PADDLE_TS_HOME = join(project.folder, 'home')
    // Skips the slow compilation of modules that are not imported.
    const fast = { PIP_COMPILE: '0' }
    const variables = { PADDLE_TS_HOME, PADDLE_TS_PYTHON: '', HTTPS_PROXY: 'http://127.0.0.1:1', ...fast }
    const installed = await project.shell(install!, variables)
    expect(installed).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/ with paddle 3\.3\.1 is ready: /),
    })
    const doctor = await project.shell('paddle-ts doctor', variables)
    expect(doctor).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/\nok +Inference +a tiny network returned/),
    })
  }, 300_000)
})

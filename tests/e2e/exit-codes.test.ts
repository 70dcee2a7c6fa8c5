import '../helpers/nothing-left.js'
import { readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { paddleTs, said } from '../helpers/command-line.js'
import { makeProject, root, type Project } from '../helpers/project.js'

let project: Project
beforeAll(async () => {
  project = await makeProject()
  await symlink(join(root, 'models/characters'), join(project.folder, 'model'))
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
})

test('docs/cli.md lists these', async () => {
  const page = await readFile(join(root, 'docs/cli.md'), 'utf8')
  const [table = ''] = /^\| code .*?\n\n/ms.exec(page) ?? []
  const codes = [...table.matchAll(/^\| (\d+) /gm)].map(([, code]) => Number(code))
  expect(codes).toEqual([0, 1, 1, 1, 2, 130, 143])
})

const infer = 'paddle-ts infer --model-dir model --img-path'

// command-line.test.ts covers invalid command lines, verify.test.ts different results.
test.each([
  [0, `${infer} images/demo.jpg`],
  [1, `${infer} images/demo.jpg no.jpg`],
  [1, 'paddle-ts doctor --python /no/python'],
  [1, 'paddle-ts export --python /no/python'],
  [2, `PADDLE_TS_TOPK=many ${infer} images/demo.jpg`],
])('%d: %s', async (code, line) => {
  expect((await project.shell(line)).exitCode).toBe(code)
})

describe('a command ended by a signal', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s: %d', async (signal, code) => {
    const command = paddleTs(['benchmark', '--duration', '100'], { cwd: project.folder })
    await said(command, 'Measuring')
    command.kill(signal)
    const { exitCode, signal: killedBy } = await command
    expect([exitCode, killedBy]).toEqual([code, undefined])
  })
})

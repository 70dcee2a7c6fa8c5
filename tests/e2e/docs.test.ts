import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { appendFile, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { blocksOf, commandsOf, makeProject, root, type Project } from '../helpers/project.js'

let project: Project
beforeAll(async () => {
  project = await makeProject()
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
})

// MobileNetV3 as it is exported here has random weights: each of its 1000 classes is about as likely.
const answer = /^image_name: images\/demo\.jpg, class_id: \d+, prob: 0\.00(1|09)\d*$/

describe('README.md', () => {
  test('its command of a clone', async () => {
    const [command] = await commandsOf('README.md')
    expect(command).toBe('npm run demo')
    const { stdout } = await execa('npm', ['run', '--silent', 'demo'], { cwd: root, stdin: 'ignore' })
    expect(stdout).toMatch(answer)
  })

  test('its commands of a project, and then its TypeScript', async () => {
    const [, ...commands] = await commandsOf('README.md')
    expect(commands).toHaveLength(2)
    const [exported, inferred] = [await project.shell(commands[0]!), await project.shell(commands[1]!)]
    expect(exported).toMatchObject({ exitCode: 0, stdout: 'inference model has been saved into model' })
    expect(inferred).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(answer) })

    const [images, anyModel, pool, ...others] = await blocksOf('README.md', 'ts')
    expect(others).toEqual([])
    expect(await project.typeScript(images!)).toMatch(/^{\n {2}image: 'images\/demo\.jpg',\n {2}topK: \[/)
    expect(await project.typeScript(anyModel!)).toMatch(/^\[ 1, 1000 \]\n\[ '.+' \]$/)
    expect(await project.typeScript(pool!)).toBe('4')
  })
})

test('docs/errors.md', async () => {
  const [block, ...others] = await blocksOf('docs/errors.md', 'ts')
  expect(others).toEqual([])
  expect(await project.typeScript(block!)).toBe(
    'There is no model at no-such-folder.\nMake one: paddle-ts export --save-inference-dir no-such-folder',
  )
})

test('docs/security.md', async () => {
  const [command, ...others] = await commandsOf('docs/security.md')
  expect(others).toEqual([])
  expect(await project.shell(command!)).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(/^PADDLE-TS \d+: worker \d+: started /m),
  })
  const [block, ...moreBlocks] = await blocksOf('docs/security.md', 'ts')
  expect(moreBlocks).toEqual([])
  expect(await project.typeScript(block!)).toBe('')
})

test('docs/infer.md', async () => {
  const [command, drawn, batch, withoutErrors, ...others] = await commandsOf('docs/infer.md')
  expect(others).toEqual([])
  expect(await project.shell(command!)).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(answer) })
  const [block] = await blocksOf('docs/infer.md', 'ts')
  expect(
    await project.typeScript(block!.replace("['a.jpg', 'b.jpg']", "['images/demo.jpg', 'b.jpg']")),
  ).toMatch(/^images\/demo\.jpg \[\n( {2}{.*},?\n){5}\]\nb\.jpg There is no image at b\.jpg\.\n/)

  const file = (name: string): Promise<string> => readFile(join(project.folder, name), 'utf8')
  expect(await project.shell(drawn!)).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(answer) })
  expect(await readdir(join(project.folder, 'drawn'))).toEqual(['demo.jpg'])
  expect(await project.shell(batch!)).toEqual({ exitCode: 0, stdout: '', stderr: '' })
  const results = await file('results.jsonl')
  expect(results).toMatch(/^{"image":"images\/demo\.jpg","topK":\[.*\]}\n$/)
  const told = '1 of 1 image was answered already.'
  expect(await project.shell(batch!)).toEqual({ exitCode: 0, stdout: '', stderr: told })
  expect(await file('results.jsonl')).toBe(results)
  await appendFile(join(project.folder, 'results.jsonl'), '{"image":"b.jpg","error":{"code":"TIMEOUT"}}\n')
  expect(await project.shell(withoutErrors!)).toMatchObject({ exitCode: 0 })
  expect(await file('kept.jsonl')).toBe(results)
})

describe('docs/environment.md', () => {
  const commands = async (pattern: RegExp): Promise<string[]> =>
    (await commandsOf('docs/environment.md')).filter((line) => pattern.test(line))

  test('its TypeScript finds the Python that is there', async () => {
    const [block] = await blocksOf('docs/environment.md', 'ts')
    await expect(project.typeScript(`${block!}\nconsole.log(path)`)).resolves.toMatch(/\/bin\/python3?$/)
  })

  // There is no network here, and no GPU: the commands get as far as pip, or to the wheel that is not there.
  test('its commands for GPU wheels are understood (not run to the end: no network)', async () => {
    const offline = (home: string) => ({
      PADDLE_TS_HOME: join(project.folder, home),
      PADDLE_TS_PYTHON: '',
      HTTPS_PROXY: 'http://127.0.0.1:1',
      https_proxy: 'http://127.0.0.1:1',
      PIP_RETRIES: '1',
      PIP_FIND_LINKS: '',
    })
    const lines = await commands(/--device gpu/)
    expect(lines).toHaveLength(5)
    // pip waits before it tries again: at once they wait together.
    const all = await Promise.all(lines.map((line, index) => project.shell(line, offline(`gpu-${index}`))))
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
    const [download, install, ...others] = await commands(/wheels/)
    expect(others).toEqual([])
    expect(await project.shell(download!)).toMatchObject({ exitCode: 0 })
    const PADDLE_TS_HOME = join(project.folder, 'home')
    // What of it is never imported need not be compiled, which takes pip long.
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
      stdout: expect.stringMatching(/\nok +Inference +a tiny network answered/),
    })
  })
})

describe('examples', () => {
  const example = (name: string): Promise<string> => readFile(join(root, 'examples', name), 'utf8')

  test('classify-one.ts', async () => {
    const lines = (
      await project.typeScript(await example('classify-one.ts'), ['model', 'images/demo.jpg'])
    ).split('\n')
    expect(lines).toHaveLength(3)
    for (const line of lines) expect(line).toMatch(/^\d+ 0\.00\d\d $/)
  })

  test('classify-batch.ts', async () => {
    const output = await project.typeScript(await example('classify-batch.ts'), ['model', 'images/'])
    expect(output).toMatch(/^images\/demo\.jpg: class \d+ \(0\.00\d\d\)$/)
  })
})

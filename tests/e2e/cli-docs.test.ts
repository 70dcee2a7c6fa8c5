import '../helpers/nothing-left.js'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { commandsIn, takeBlocks } from '../helpers/pages.js'
import { makeProjectWithModel, type Project } from '../helpers/project.js'

let project: Project
beforeAll(async () => {
  project = await makeProjectWithModel()
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
})

const [words, help, byDefault, byVariables, packageJson, byFile, completion] = await takeBlocks(
  'docs/cli.md',
  'sh sh sh sh json sh sh',
)

/** The result of `paddle-ts infer` for this image, whose classes are about equally likely. */
const line = String.raw`image_name: \.{0,2}/?images/demo\.jpg, class_id: \d+, prob: 0\.00(?:1|09)\d*`

test('words and flags', async () => {
  const [several, one, inspect] = commandsIn(words)
  const results = await project.shell(several!)
  expect([results.stderr, results.exitCode]).toEqual(['', 0])
  const images = results.stdout.split('\n').map((text) => /^image_name: (\S+), /.exec(text)?.[1])
  expect(images.slice(0, 4)).toEqual([
    ...Array<string>(3).fill('images/demo.jpg'),
    'images/characters/2-turned-by-exif.jpg',
  ])
  expect(JSON.parse((await project.shell(one!)).stdout)).toMatchObject({ image: 'images/demo.jpg' })
  expect((await project.shell(inspect!)).stdout).toMatch(/^Model +model\b/)
})

test('help and versions', async () => {
  const [all, infer, everything, version] = commandsIn(help)
  expect((await project.shell(all!)).stdout).toMatch(/^paddle-ts <command> \[flags\]\n/)
  expect((await project.shell(infer!)).stdout).toMatch(/^paddle-ts infer \[image…\] \[flags\]\n/)
  expect((await project.shell(everything!)).stdout).toContain('--xpu-l3-size')
  expect((await project.shell(version!)).stdout).toMatch(
    /^paddle-ts \d+\.\d+\.\d+\npaddlepaddle \d+\.\d+\.\d+ \(Python 3\.\d+\.\d+, \/.*\)$/,
  )
})

test('the default model', async () => {
  const { stdout, stderr, exitCode } = await project.shell(byDefault)
  expect(stdout).toMatch(
    /^image_name: images\/characters\/\S+, class_id: \d+, prob: [\d.e-]+, label: [0-9A-Z]$/m,
  )
  expect([stderr, exitCode]).toEqual([
    'Using the built-in model for printed characters (0–9, A–Z); choose another with --model-dir.',
    0,
  ])
})

test('variables', async () => {
  const { stdout, stderr, exitCode } = await project.shell(byVariables)
  expect(stdout).toMatch(new RegExp(`^${line}\n${line}\n${line}$`))
  expect([stderr, exitCode]).toEqual(['', 0])
})

test('a file, from any subfolder', async () => {
  const [plain, undone, without] = commandsIn(byFile)
  await writeFile(join(project.folder, 'package.json'), packageJson)
  const { stdout, stderr } = await project.shell(plain!)
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toMatchObject({ image: 'images/demo.jpg', topK: { length: 5 } })
  await mkdir(join(project.folder, 'sub'))
  expect((await project.shell(`cd sub && ${undone!}`)).stdout).toMatch(new RegExp(`^${line}$`))
  expect((await project.shell(without!)).stdout).toMatch(new RegExp(`^${line}$`))
  await writeFile(join(project.folder, 'package.json'), packageJson.replace('"topk": 5', '"topk": 0'))
  const page = await readFile(new URL('../../docs/cli.md', import.meta.url), 'utf8')
  const wrong = await project.shell(plain!)
  expect(page).toContain(`\`\`\`text\n${wrong.stderr}\n\`\`\``)
  expect([wrong.stdout, wrong.exitCode]).toEqual(['', 2])
  await writeFile(join(project.folder, 'package.json'), '{ "type": "module" }')
})

test('a nearer, invalid or named file', async () => {
  const config = join(project.folder, 'paddle-ts.config.json')
  await writeFile(config, '{ "python": "./python" }')
  const infer = 'paddle-ts infer --model-dir model --img-path images/demo.jpg'
  const found = await project.shell(infer)
  expect([found.exitCode, found.stderr.split('\n')[0]]).toEqual([
    2,
    'paddle-ts.config.json: "python" runs a program, which a file of defaults may only do if you name it.',
  ])
  const named = await project.shell(`${infer} --config paddle-ts.config.json`)
  expect([named.exitCode, named.stderr.split('\n')[0]]).toEqual([
    1,
    'There is no Python interpreter at ./python.',
  ])
  await writeFile(config, '{ "topk": 2,')
  const broken = await project.shell(infer)
  expect(broken.stderr).toMatch(/^paddle-ts\.config\.json is not JSON: .*\.\nSee: /)
  expect([broken.stdout, broken.exitCode]).toEqual(['', 2])
  // Completion works nevertheless.
  expect(await project.shell('paddle-ts completion')).toMatchObject({ stderr: '', exitCode: 0 })
  await rm(config)
})

test('completion', async () => {
  for (const command of commandsIn(completion)) {
    expect(await project.shell(command, { HOME: project.folder })).toMatchObject({ stderr: '', exitCode: 0 })
  }
  const rc = (name: string): Promise<string> => readFile(join(project.folder, name), 'utf8')
  expect(await rc('.bashrc')).toContain('complete -o bashdefault -o default -F _paddle-ts_yargs_completions')
  expect(await rc('.zshrc')).toContain('compdef _paddle-ts_yargs_completions paddle-ts')
})

import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { commandsIn, takeBlocks } from '../helpers/pages.js'
import { makeProject, root, type Project } from '../helpers/project.js'
import { testPython } from '../helpers/python.js'

const [first, digits, network, ...rest] = await takeBlocks(
  'docs/export.md',
  'sh sh python sh sh sh sh ts ts sh',
)
const [ofOnesOwn, seeded, sized, both, known, own, withoutNode] = rest
let project: Project
beforeAll(async () => {
  project = await makeProject()
  await writeFile(join(project.folder, 'net.py'), network)
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
})

test('the commands of docs/export.md', async () => {
  const blocks = [first, digits, ofOnesOwn, seeded, sized, both, withoutNode]
  const script = `${await testPython()} ${join(root, 'python/')}`
  for (const command of blocks.flatMap(commandsIn)) {
    const { stdout, stderr, exitCode } = await project.shell(command.replace(/^python python\//, script))
    const target = /--save-inference-dir (\w+)$/.exec(command)?.[1] ?? ''
    expect({ stdout, exitCode, stderr }).toMatchObject({
      stdout: `inference model has been saved into ${target}`,
      exitCode: 0,
    })
    expect(await readdir(join(project.folder, target))).toContain('inference.pdiparams')
    await rm(join(project.folder, target), { recursive: true })
  }
})

test('its TypeScript', async () => {
  expect(await project.typeScript(`${known}\nconsole.log(folder, files.length, predictor.inputs)`)).toBe(
    "model 3 [ { name: 'input', dtype: 'float32', shape: [ -1, 3, 224, 224 ] } ]",
  )
  expect(await project.typeScript(own)).toBe(
    "[\n  'own/inference.pdmodel',\n  'own/inference.pdiparams',\n  'own/inference.pdiparams.info'\n]",
  )
})

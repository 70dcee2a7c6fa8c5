/** Models that PaddleX 1 and 2 exported, through `infer` and `verify`. */
import '../helpers/nothing-left.js'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { paddleTs } from '../helpers/command-line.js'
import { makeDetectors, makeSegmenters, type NetFolder } from '../helpers/nets.js'
import { paddleXFile, paddleXForms } from '../helpers/paddlex-forms.js'
import { root } from '../helpers/project.js'

const demo = join(root, 'images/demo.jpg')
const others = join(root, 'images/characters')

let detectors: NetFolder
let segmenters: NetFolder
let folder: string
beforeAll(async () => {
  ;[detectors, segmenters] = await Promise.all([makeDetectors(), makeSegmenters()])
  folder = await mkdtemp(join(tmpdir(), 'paddlex-'))
})
afterAll(async () => {
  await detectors[Symbol.asyncDispose]()
  await segmenters[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** A network beside a file of PaddleX. */
async function modelOf(name: keyof typeof paddleXForms): Promise<string> {
  const form = paddleXForms[name]
  const isNew = form.version.startsWith('2')
  const from = {
    classifier: join(detectors.folder, 'classes'),
    detector: join(detectors.folder, isNew ? 'counted' : 'sized'),
    segmenter: join(segmenters.folder, 'ids32'),
  }[form.type]
  const model = join(folder, name)
  await mkdir(model)
  for (const file of ['model.pdmodel', 'model.pdiparams'])
    await copyFile(join(from, file), join(model, file)).catch(() => undefined)
  await writeFile(join(model, 'model.yml'), paddleXFile(form))
  return model
}

const names = Object.keys(paddleXForms) as (keyof typeof paddleXForms)[]

test.each(names)('verify: plain Python returns the same: %s', async (name) => {
  const model = await modelOf(name)
  const flags = ['--model-dir', model, '--img-path', demo, others, '--json']
  const { stdout, stderr, exitCode } = await paddleTs(['verify', ...flags], { cwd: folder })
  expect({ stderr, exitCode }).toEqual({ stderr: expect.any(String), exitCode: 0 })
  expect(stderr).not.toContain('PREPROCESSING_ASSUMED')
  const lines = stdout.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines.at(-1)).toMatchObject({ total: { images: 13, same: 13 } })
})

test('verify replaces the sizes of PaddleX 2 on both sides', async () => {
  const model = join(folder, 'a classifier of PaddleX 2')
  const flags = [
    '--model-dir',
    model,
    '--img-path',
    demo,
    '--resize-size',
    '140',
    '--crop-size',
    '128',
    '--json',
  ]
  const { stdout, exitCode } = await paddleTs(['verify', ...flags], { cwd: folder })
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout.split('\n').at(-1)!)).toMatchObject({ total: { images: 1, same: 1 } })
})

test('infer names the classes of the file', async () => {
  const model = join(folder, 'a classifier of PaddleX 1')
  const { stdout, exitCode } = await paddleTs(['infer', '--model-dir', model, '--img-path', demo, '--json'], {
    cwd: folder,
  })
  expect(exitCode).toBe(0)
  const { topK } = JSON.parse(stdout) as { topK: { label: string; classId: number }[] }
  expect(['red', 'green', 'blue'][topK[0]!.classId]).toBe(topK[0]!.label)
})

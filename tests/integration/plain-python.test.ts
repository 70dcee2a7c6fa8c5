import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createPredictor, exportModel, tensor } from '../../src/index.js'
import { greatestDifference } from '../helpers/golden.js'
import { runPython } from '../helpers/python.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plain-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('the exported files return the same in plain Python as in paddle-ts', async () => {
  const model = join(folder, 'model')
  await exportModel({ saveInferenceDir: model, seed: 7 })
  expect((await readdir(model)).sort()).toEqual([
    'inference.pdiparams',
    'inference.pdiparams.info',
    'inference.pdmodel',
  ])

  const shape = [2, 3, 224, 224]
  const pixels = Float32Array.from({ length: 2 * 3 * 224 * 224 }, (_, index) => Math.sin(index))
  await writeFile(join(folder, 'input.bin'), pixels)
  const files = ['inference.pdmodel', 'inference.pdiparams'].map((name) => join(model, name))
  const output = join(folder, 'output.bin')
  await runPython('plain_inference.py', [...files, join(folder, 'input.bin'), output, ...shape.map(String)])
  const bytes = new Uint8Array(await readFile(output))
  const theirs = tensor('float32', [2, 1000], new Float32Array(bytes.buffer))

  await using predictor = await createPredictor({ model })
  const [ours] = Object.values(
    await predictor.run({ [predictor.inputs[0]!.name]: tensor('float32', shape, pixels) }),
  )
  expect(ours?.shape).toEqual([2, 1000])
  expect(greatestDifference(ours!, theirs)).toBeLessThanOrEqual(1e-7)
})

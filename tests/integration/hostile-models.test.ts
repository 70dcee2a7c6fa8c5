import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { createPredictor, ImageClassifier } from '../../src/index.js'
import { makeNets, type Nets } from '../helpers/nets.js'

let nets: Nets
let folder: string

beforeAll(async () => {
  nets = await makeNets()
  folder = await mkdtemp(join(tmpdir(), 'hostile-models-'))
})
afterAll(async () => {
  await nets[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** A copy of the network with parameters, with one file removed. */
async function without(name: string, missing: string): Promise<string> {
  const model = join(folder, name)
  await cp(nets.heavy, model, { recursive: true })
  await rm(join(model, missing))
  return model
}

test.each(['inference.pdmodel', 'inference.pdiparams'])(
  'anything but a regular file in place of %s',
  async (file) => {
    const isProgram = file === 'inference.pdmodel'
    const told = (model: string): object =>
      isProgram
        ? {
            code: 'MODEL_NOT_FOUND',
            message:
              `${model}/${file} is not a regular file, or is a broken link.\n` +
              'Pass the folder of a model, or create one: paddle-ts export --save-inference-dir DIR',
          }
        : {
            code: 'MODEL_PARAMS_NOT_FOUND',
            message: `There is no parameters file at ${model}/${file}.\nName the .pdiparams that belongs to ${model}/inference.pdmodel.`,
          }
    const kinds: Record<string, (path: string) => Promise<unknown>> = {
      pipe: (path) => execa('mkfifo', [path]),
      folder: (path) => mkdir(path),
      loop: (path) => symlink(file, path),
      broken: (path) => symlink('gone', path),
      device: (path) => symlink('/dev/zero', path),
    }
    for (const [kind, make] of Object.entries(kinds)) {
      const model = await without(`${kind}-${isProgram ? 'program' : 'params'}`, file)
      await make(join(model, file))
      await expect(createPredictor({ model })).rejects.toMatchObject(told(model))
    }
  },
)

test('a pipe in place of the inference.yml', async () => {
  const model = join(folder, 'yml')
  await cp(nets.heavy, model, { recursive: true })
  await execa('mkfifo', [join(model, 'inference.yml')])
  await expect(ImageClassifier.load(model)).rejects.toMatchObject({
    code: 'MODEL_CONFIG_INVALID',
    message: `${model}/inference.yml is not valid: it is not a regular file.\nCompare it with the file that was exported with the model.`,
  })
})

test('a path with spaces, quotes, a newline and other scripts', async () => {
  const model = join(folder, 'it\'s a "model"\n模型 $(x) é')
  await cp(nets.grow, model, { recursive: true })
  await using predictor = await createPredictor({ model })
  expect(predictor.info.model).toBe(join(model, 'inference.pdmodel'))
  const [output] = Object.values(await predictor.run({ [predictor.getInputNames()[0]!]: [[1]] }))
  expect(output!.shape).toEqual([1, 16])
})

test('parameters of another model', async () => {
  const model = await without('swapped', 'inference.pdiparams')
  const params = join(model, 'inference.pdiparams')
  const bytes = await readFile(join(nets.heavy, 'inference.pdiparams'))
  // The bias comes first; here it also replaces the weights. The file is complete.
  const bias = bytes.subarray(0, 20 + bytes.readInt32LE(16) + 4096)
  await writeFile(params, Buffer.concat([bias, bias]))
  await expect(createPredictor({ model })).rejects.toMatchObject({
    code: 'MODEL_LOAD_FAILED',
    message:
      `${params} belongs to another model: the sizes of its tensors do not match the program: none is left for linear_0.w_0 [1024,1024].\n` +
      'Pass the parameters that were exported with the program, or export the model again.',
  })
})

test('paddle rejects a program with changed text, or only its worker dies', async () => {
  const model = await without('changed', 'inference.pdmodel')
  const program = Buffer.from(await readFile(join(nets.heavy, 'inference.pdmodel')))
  for (let at = program.indexOf('relu'); at >= 0; at = program.indexOf('relu', at)) program.write('rexx', at)
  await writeFile(join(model, 'inference.pdmodel'), program)
  const failure = await createPredictor({ model }).then(
    () => 'made',
    (error: unknown) => (error as { code: string }).code,
  )
  expect(['MODEL_LOAD_FAILED', 'WORKER_DIED']).toContain(failure)
})

test('a folder without read permission', async () => {
  const model = join(folder, 'closed')
  await cp(nets.heavy, model, { recursive: true })
  await execa('chmod', ['000', model])
  const isRoot = process.getuid?.() === 0
  if (isRoot) process.seteuid?.(65534)
  try {
    await expect(createPredictor({ model })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `${model} cannot be read (EACCES).\nCheck the path and its permissions.`,
    })
  } finally {
    if (isRoot) process.seteuid?.(0)
    await execa('chmod', ['700', model])
  }
})

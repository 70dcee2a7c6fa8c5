import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { messageInFlags } from '../../src/commands/flags/flag-errors.js'
import { defaults } from '../../src/commands/infer/arguments.js'
import { openTask } from '../../src/commands/infer/open-task.js'
import type { TaskName } from '../../src/tasks/index.js'

let model: string
beforeAll(async () => {
  model = await mkdtemp(join(tmpdir(), 'open-task-'))
  for (const name of ['inference.pdmodel', 'inference.pdiparams']) await writeFile(join(model, name), '')
})
afterAll(() => rm(model, { recursive: true }))

const open = (task: TaskName) =>
  openTask(
    task,
    { ...defaults, modelDir: model, maxBatchSize: 16, warmup: 0 },
    { python: 'none', workers: 1 },
  )

const ymls = {
  classes:
    'PreProcess: {transform_ops: [ResizeImage: {size: 8}, ToCHWImage: null]}\nPostProcess: {Topk: {topk: 1}}\n',
  attributes:
    'PreProcess: {transform_ops: [ResizeImage: {size: 8}, ToCHWImage: null]}\nPostProcess: {PersonAttribute: null}\n',
  boxes:
    'Preprocess:\n- {type: Resize, target_size: [8, 8], keep_ratio: false, interp: 1}\n- {type: Permute}\narch: YOLO\n',
}

test.each<[TaskName, keyof typeof ymls, string, TaskName]>([
  ['classify', 'boxes', 'an image classifier', 'detect'],
  ['classify', 'attributes', 'an image classifier', 'recognize'],
  ['detect', 'classes', 'an object detector', 'classify'],
])('--task %s with a model for %s: the error names the other task', async (task, out, what, other) => {
  const yml = join(model, 'inference.yml')
  await writeFile(yml, ymls[out])
  const failure: unknown = await open(task).catch((error: unknown) => error)
  expect(failure).toMatchObject({ name: 'PaddleError', code: 'MODEL_UNSUITABLE' })
  expect(messageInFlags(failure as Error)).toBe(
    `${model} is not ${what}: ${yml} says that it outputs ${out}.\nLoad it with --task ${other}.`,
  )
})

test('other errors are unchanged', async () => {
  const yml = join(model, 'inference.yml')
  await writeFile(yml, '- 1')
  await expect(open('classify')).rejects.toMatchObject({ code: 'MODEL_CONFIG_INVALID' })
})

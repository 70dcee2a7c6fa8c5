import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { processesWith } from '../helpers/processes.js'
import { until } from '../helpers/until.js'

const bin = fileURLToPath(new URL('../../bin/paddle-ts.js', import.meta.url))
const paddleTs = (...args: string[]) => execa('node', [bin, 'export', ...args], { reject: false })
const ownNet = fileURLToPath(new URL('../helpers/own_net.py', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('the tutorial’s line on stdout, progress on stderr, exactly three files', async () => {
  const { stdout, stderr, exitCode } = await paddleTs(
    '--model',
    'LeNet',
    `--save-inference-dir=${folder}/model`,
  )
  expect({ stdout, stderr, exitCode }).toEqual({
    stdout: `inference model has been saved into ${folder}/model`,
    stderr:
      '- Importing paddle\n- Building LeNet\n- Exporting LeNet\n' +
      'The network is untrained: its weights are random, so its results mean nothing. Trained ones: --pretrained.',
    exitCode: 0,
  })
  expect((await readdir(join(folder, 'model'))).sort()).toEqual([
    'inference.pdiparams',
    'inference.pdiparams.info',
    'inference.pdmodel',
  ])
})

test.each([
  [['--img-size=big'], 'Expected a positive integer for --img-size, got big.'],
  [['--img-size='], 'Expected a positive integer for --img-size, got an empty value.'],
  [['--img-size', '0'], 'Expected a positive integer for --img-size, got 0.'],
  [['--num-classes', '1.5'], 'Expected a positive integer for --num-classes, got 1.5.'],
  [['--seed=-1'], 'Expected a non-negative integer for --seed, got -1.'],
  [['--model='], 'Expected a value for --model.'],
  [['--labels='], 'Expected a value for --labels.'],
  [['--python', ''], 'Expected a value for --python.'],
  [['--softmax=maybe'], 'Expected true or false for --softmax, got maybe.'],
  [['--pretrained='], 'Expected a .pdparams file for --pretrained, or the flag alone, got an empty value.'],
  [
    ['--pretrained', ''],
    'Expected a .pdparams file for --pretrained, or the flag alone, got an empty value.',
  ],
  [['--format', 'onnx'], 'Expected one of pdmodel, json, both for --format, got onnx.'],
  [
    ['--input-spec', 'x:float32[-1,3'],
    '--input-spec: Expected NAME:DTYPE[SHAPE], such as x:float32[-1,3,224,224], got x:float32[-1,3.',
  ],
  [
    ['--input-spec=x:int16[1]'],
    '--input-spec: Expected a dtype of float32, float64, float16, bfloat16, int64, int32, int8, uint8, bool, got int16 in ' +
      'x:int16[1].',
  ],
  [['--input-spec=x:bool[]', '--input-spec=x:bool[]'], '--input-spec describes x twice.'],
  [['--model-args', '{width: 3}'], 'Expected a JSON object or array for --model-args, got {width: 3}.'],
  [
    ['--model=LeNet', '--input-spec=x:float32[3]'],
    '--input-spec applies to networks of your own, FILE.py:CLASS, only, not to LeNet.',
  ],
  [
    ['--model=net.py:Net', '--num-classes=3'],
    '--num-classes applies to networks of paddle.vision.models only, not to net.py:Net.',
  ],
  [
    ['--model=net.py:Net', '--pretrained'],
    '--pretrained without a file applies to networks of paddle.vision.models only, not to net.py:Net.',
  ],
  [['--modle', 'LeNet'], 'Unknown flag: --modle\nDid you mean --model?'],
])('%j is an invalid command line', async (args, message) => {
  const { stdout, stderr, exitCode } = await paddleTs(...args, '--save-inference-dir', folder)
  expect({ stdout, stderr, exitCode }).toEqual({
    stdout: '',
    stderr: `${message}\nSee: paddle-ts export --help`,
    exitCode: 2,
  })
})

test('the user’s own network, in both formats', async () => {
  const { stdout, exitCode } = await paddleTs(
    ...[
      '--model',
      `${ownNet}:Attention`,
      '--model-args',
      '{"width": 4}',
      '--format',
      'json',
      '--format',
      'both',
    ],
    ...['--input-spec', 'sharpness:float32[]', '--input-spec', 'words:float32[-1,?,4]'],
    ...['--save-inference-dir', folder],
  )
  expect({ stdout, exitCode }).toEqual({
    stdout: `inference model has been saved into ${folder}`,
    exitCode: 0,
  })
  expect((await readdir(folder)).sort()).toEqual([
    'inference.json',
    'inference.pdiparams',
    'inference.pdiparams.info',
    'inference.pdmodel',
  ])
})

test('an empty folder name is an invalid command line', async () => {
  const { stdout, stderr, exitCode } = await paddleTs('--save-inference-dir=')
  expect({ stdout, stderr, exitCode }).toEqual({
    stdout: '',
    stderr: 'Expected a value for --save-inference-dir.\nSee: paddle-ts export --help',
    exitCode: 2,
  })
})

test.each(['file', 'file/sub'])('a folder that cannot be created: %s', async (name) => {
  await writeFile(join(folder, 'file'), 'mine')
  const { stdout, stderr, exitCode } = await paddleTs('--save-inference-dir', join(folder, name))
  expect({ stdout, stderr, exitCode }).toEqual({
    stdout: '',
    stderr:
      `The export cannot write into ${folder}/${name}: ${folder}/file is a file.\n` +
      'Use another folder, or check its free space and permissions.\n[EXPORT_TARGET_UNUSABLE]',
    exitCode: 1,
  })
  expect(await readdir(folder)).toEqual(['file'])
})

test('a failure is reported with its code, without a stack', async () => {
  const { stdout, stderr, exitCode } = await paddleTs(
    ...['--model=LeNet', '--pretrained', `${folder}/none.pdparams`, '--save-inference-dir', folder],
  )
  expect({ stdout, stderr, exitCode }).toEqual({
    stdout: '',
    stderr:
      '- Importing paddle\n- Building LeNet\n- Loading none.pdparams\n' +
      `The weights in ${folder}/none.pdparams cannot be read: there is no such file.\n` +
      'Give a .pdparams file made by paddle.save().\n[EXPORT_WEIGHTS_INVALID]',
    exitCode: 1,
  })
  expect(await readdir(folder)).toEqual([])
})

test('--pretrained without a file requests Paddle’s weights, which LeNet does not have', async () => {
  const { stderr, exitCode } = await paddleTs('--pretrained', '--model=LeNet', '--save-inference-dir', folder)
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(
    /Paddle publishes no weights for LeNet\.\nUse a file of your own: --pretrained FILE\.pdparams\n\[EXPORT_DOWNLOAD_FAILED\]$/,
  )
})

test.each([
  ['SIGINT', 130],
  ['SIGKILL', undefined],
] as const)('%s during the export leaves no partial files', async (signal, exitCode) => {
  const running = paddleTs('--model=resnet18', '--save-inference-dir', folder)
  for await (const line of running.iterable({ from: 'stderr' })) {
    if (line.includes('Exporting')) running.kill(signal)
  }
  const result = await running
  expect({ stdout: result.stdout, exitCode: result.exitCode }).toEqual({ stdout: '', exitCode })
  // Python detects the end of Node and cleans up.
  await until(() => processesWith(folder).length === 0)
  expect(await readdir(folder)).toEqual([])
})

import '../helpers/nothing-left.js'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { paddleTs } from '../helpers/command-line.js'
import { root } from '../helpers/project.js'

const doctor = join(root, 'models/doctor')
const image = join(root, 'images/demo.jpg')

test.each([
  [
    'convert',
    ['convert', doctor, '--save-dir', doctor, '--precision', 'fp16'],
    /^Expected a folder other than the model’s for --save-dir, got \S+models\/doctor\.$/,
  ],
  [
    'infer',
    ['infer', image, '--max-rss-mb', '1', '--quiet'],
    /^Expected more than the \d+ MiB that a worker uses after it starts for --max-rss-mb, got 1\.$/,
  ],
  [
    'inspect',
    ['inspect', doctor, '--prepare', '/no/such.py:f'],
    / Name one: --prepare FILE\.py:FUNCTION\.\n/,
  ],
])('the library’s error of %s names flags', async (_, args, message) => {
  const { stderr, stdout } = await paddleTs(args)
  expect(stderr + stdout).toMatch(message)
})

test('a variable that means nothing is one warning', async () => {
  const env = { PADDLE_TS_TOP_K: '3', PADDLE_TS_TOPK: '1' }
  const { stdout, stderr } = await paddleTs(['infer', image], { env })
  expect(stdout.split('\n')).toHaveLength(1)
  const lines = stderr.split('\n').filter((line) => line.includes('PADDLE_TS_'))
  expect(lines).toEqual([
    'Warning: The variable PADDLE_TS_TOP_K has no effect: no flag has this name. Did you mean PADDLE_TS_TOPK?',
  ])
  expect((await paddleTs(['infer', image, '--quiet'], { env })).stderr).toBe('')
})

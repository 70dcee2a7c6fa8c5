import '../helpers/nothing-left.js'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { root } from '../helpers/project.js'
import { runPython } from '../helpers/python.js'

test('on a terminal, the scores of text are rounded, and those of JSON have all digits', async () => {
  const image = join(root, 'images/characters/5-shadow.jpg')
  const program = join(root, 'bin/paddle-ts.js')
  const command = [process.execPath, program, 'infer', '--img-path', image, '--topk', '3', '--quiet']
  const text = await runPython('on_terminal.py', ['--stdout', '100', ...command])
  expect(text.trim().split('\r\n')).toEqual(
    ['5, prob: 0.923, label: 5', '3, prob: 0.0761, label: 3', '11, prob: 0.000527, label: B'].map(
      (result) => `image_name: ${image}, class_id: ${result}`,
    ),
  )
  const json = await runPython('on_terminal.py', ['--stdout', '100', ...command, '--json'])
  expect(json).toMatch(/"score":0\.9232\d{10,},/)
})

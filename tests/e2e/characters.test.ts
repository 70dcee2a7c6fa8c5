import '../helpers/nothing-left.js'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { paddleTs } from '../helpers/command-line.js'
import { commandsIn, takeBlocks } from '../helpers/pages.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('models/README.md: the built-in model recognises all example images, like plain Python', async () => {
  const [command] = await takeBlocks('models/README.md', 'sh')
  const [line = '', ...more] = commandsIn(command)
  expect(more).toEqual([])
  const [program, ...args] = line.split(' ')
  expect(program).toBe('paddle-ts')
  const folder = await mkdtemp(join(tmpdir(), 'characters-'))
  try {
    const names = (await readdir(join(root, 'images/characters'))).sort()
    expect(names).toHaveLength(12)
    const infer = await paddleTs([...args, '--save-dir', folder], { cwd: root })
    const answers = [...infer.stdout.matchAll(/^image_name: (\S+), class_id: \d+, prob: \S+, label: (.)$/gm)]
    expect(answers.map(([, image = '', label]) => [basename(image), label])).toEqual(
      names.map((name) => [name, name.charAt(0)]),
    )
    expect(await readdir(folder)).toHaveLength(12)
    // No hint that the model does not know such images.
    expect(infer.stderr).toBe(
      'Using the built-in model for printed characters (0–9, A–Z); choose another with --model-dir.',
    )
    const verify = await paddleTs(['verify', ...args.slice(1)], { cwd: root })
    expect(verify.stdout).toContain('\n12 of 12 results are the same.\n')
    expect([infer.exitCode, verify.exitCode]).toEqual([0, 0])
  } finally {
    await rm(folder, { recursive: true })
  }
})

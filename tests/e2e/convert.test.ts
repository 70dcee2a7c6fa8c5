import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import { watch } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { root } from '../helpers/project.js'

/** Until something is made in the folder. */
async function somethingIn(folder: string): Promise<void> {
  const watcher = watch(folder)
  await new Promise((resolve) => watcher.once('change', resolve))
  watcher.close()
}

test('Node killed by SIGKILL in the middle of a conversion leaves nothing in the folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'converted-'))
  const begun = somethingIn(folder)
  const args = [
    'convert',
    '--model-dir',
    `${root}/models/doctor`,
    '--save-dir',
    folder,
    '--precision',
    'fp16',
  ]
  const node = execa('node', ['bin/paddle-ts.js', ...args], { cwd: root, reject: false })
  await begun
  node.kill('SIGKILL')
  expect((await node).signal).toBe('SIGKILL')
  // Those who tidy up are told by the end of a pipe.
  const deadline = Date.now() + 10_000
  while ((await readdir(folder)).length > 0 && Date.now() < deadline) await delay(20)
  expect(await readdir(folder)).toEqual([])
  await rm(folder, { recursive: true })
})

import { once } from 'node:events'
import { watch } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import { root } from '../helpers/project.js'
import { inTime, until } from '../helpers/until.js'

/** Waits until the folder has an entry. */
async function somethingIn(folder: string): Promise<void> {
  const watcher = watch(folder)
  await inTime(once(watcher, 'change'), 'something is made in the folder')
  watcher.close()
}

test('SIGKILL of Node during a conversion leaves nothing in the folder', async () => {
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
  // The end of a pipe starts the cleanup.
  await until(async () => (await readdir(folder)).length === 0)
  await rm(folder, { recursive: true })
})

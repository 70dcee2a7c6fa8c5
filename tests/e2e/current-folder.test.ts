import '../helpers/nothing-left.js'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import { commandNames } from '../../src/commands/argv.js'
import { root } from '../helpers/project.js'

const program = join(root, 'bin/paddle-ts.js')

/** Runs paddle-ts in a folder that was removed. */
async function inRemovedFolder(...args: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'removed-'))
  const script = 'cd "$1" && rmdir "$1" && shift && exec "$@"'
  const { stdout, stderr, exitCode } = await execa(
    'sh',
    ['-c', script, 'sh', folder, process.execPath, program, ...args],
    { reject: false },
  )
  return { stdout, stderr, exitCode }
}

const refusal = {
  stdout: '',
  stderr: 'The current folder no longer exists: change to another one (cd), and run the command there.',
  exitCode: 1,
}

test.each([[], ['--help'], ['--version'], ['infer', 'a.jpg', '--json'], ['benchmark', '--help']])(
  'a current folder that was removed is an error: %j',
  async (...args) => {
    expect(await inRemovedFolder(...args)).toEqual(refusal)
  },
)

test('so it is for each command', async () => {
  expect(commandNames.length).toBeGreaterThan(5)
  for (const name of commandNames) expect(await inRemovedFolder(name)).toEqual(refusal)
})

test('completion returns nothing there', async () => {
  expect(await inRemovedFolder('--get-yargs-completions', 'paddle-ts', '')).toEqual({
    ...refusal,
    stderr: '',
  })
})

import '../helpers/nothing-left.js'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { paddleTs } from '../helpers/command-line.js'
import { runPython } from '../helpers/python.js'

test.each(['infer', 'verify', 'benchmark'])(
  'without a managed Python, %s says at its start what it creates, where and how large; nothing with --quiet',
  async (command) => {
    const home = await mkdtemp(join(tmpdir(), 'first-run-'))
    try {
      // There is no Python to create one with, so that nothing is downloaded.
      const env = { PADDLE_TS_HOME: home, PADDLE_TS_PYTHON: '', PATH: home }
      const words = [command, 'images/characters/K-blurred.jpg', '-m', 'models/characters']
      const told = await paddleTs(words, { env })
      expect(told.stderr.split('\n')).toContain(
        `Creating the managed Python in ${home}, once: a download of about 280 MB, 1 GB on the disk.`,
      )
      expect(told.stderr).toContain('[PYTHON_NOT_FOUND]')
      const quiet = await paddleTs([...words, '--quiet'], { env })
      expect(quiet.stdout + quiet.stderr).not.toContain('Creating')
    } finally {
      await rm(home, { recursive: true })
    }
  },
)

test('--output: a terminal shows how many results the file has; a pipe and --quiet do not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'written-'))
  try {
    const file = join(folder, 'results.jsonl')
    const words = ['infer', 'images/characters', '-m', 'models/characters', '-o', file]
    const onTerminal = (...more: string[]): Promise<string> =>
      runPython('on_terminal.py', ['200', process.execPath, 'bin/paddle-ts.js', ...words, ...more])
    const note = `Wrote 12 results to ${file}.`
    expect((await onTerminal()).split(/\r?\n/)).toContain(note)
    expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(12)
    expect(await onTerminal('--quiet')).toBe('')
    const { stdout, stderr } = await paddleTs(words)
    expect([stdout, stderr]).toEqual(['', ''])
  } finally {
    await rm(folder, { recursive: true })
  }
})

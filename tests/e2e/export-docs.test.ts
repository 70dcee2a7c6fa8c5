import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import { commandsOf, root } from '../helpers/project.js'
import { testPython } from '../helpers/python.js'

test('every command of docs/export.md does what it says', async () => {
  const commands = await commandsOf('docs/export.md')
  expect(commands.length).toBeGreaterThanOrEqual(6)
  const programs: Record<string, readonly string[]> = {
    'paddle-ts': ['node', join(root, 'bin/paddle-ts.js')],
    python: [await testPython()],
  }
  for (const command of commands) {
    const folder = await mkdtemp(join(tmpdir(), 'docs-'))
    const [name = '', ...given] = command.split(' ')
    const [program = '', ...first] = programs[name] ?? []
    const args = given.map((arg) => (arg.startsWith('python/') ? join(root, arg) : arg))
    const { stdout } = await execa(program, [...first, ...args], { cwd: folder })
    const [target = ''] = await readdir(folder)
    expect(stdout).toBe(`inference model has been saved into ${target}`)
    expect(await readdir(join(folder, target))).toContain('inference.pdiparams')
    await rm(folder, { recursive: true })
  }
})

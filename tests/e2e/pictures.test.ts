import '../helpers/nothing-left.js'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { paddleTs } from '../helpers/command-line.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pictures-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('the annotated image of the first image does not overwrite the second one', async () => {
  for (const name of ['a', 'b']) {
    await mkdir(join(folder, name))
    await writeFile(join(folder, name, 'x.jpg'), name)
  }
  const images = ['a/x.jpg', 'b/x.jpg']
  const run = paddleTs(['infer', '--model-dir', 'none', '--save-dir', 'b', '--img-path', ...images], {
    cwd: folder,
  })
  const { stderr, exitCode } = await run
  expect(stderr).toBe(
    '--save-dir b is the folder of the images: annotated images would overwrite them. Use another folder.\n' +
      'See: paddle-ts infer --help',
  )
  expect(exitCode).toBe(2)
  expect(await readFile(join(folder, 'b/x.jpg'), 'utf8')).toBe('b')
})

test.each([
  ['by itself', 'process.exit(130)', []],
  ['by SIGKILL', "process.kill(process.pid, 'SIGKILL')", [expect.stringMatching(/\.part$/)]],
])('partial files after a process that ends %s during a write', async (_, end, left) => {
  const parts = new URL('../../dist/commands/infer/results/atomic-write.js', import.meta.url).href
  const script = `
    import { readdirSync } from 'node:fs'
    import { writeAtomically } from ${JSON.stringify(parts)}
    const [, folder] = process.argv
    void writeAtomically(folder, new Uint8Array(2 ** 20), folder + '/x.jpg')
    process.stdout.write(String(readdirSync(folder).length))
    ${end}`
  const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', script, folder], {
    reject: false,
  })
  expect(stdout).toBe('1')
  expect(await readdir(folder)).toEqual(left)
})

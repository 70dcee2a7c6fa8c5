import '../helpers/nothing-left.js'
import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { codeOf } from '../../src/errors.js'
import { paddleTs, said, type Command } from '../helpers/command-line.js'
import { root } from '../helpers/project.js'
import { inTime } from '../helpers/until.js'

const image = join(root, 'images/characters/K-blurred.jpg')
const waiting = 'Waiting for a process that reads pipe.jsonl.'
const unread = `pipe.jsonl cannot be written (EPIPE): the process that read it has ended.\nUse another file.\n[FILE_NOT_WRITTEN]`

let folder: string
let command: Command | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipes-'))
  await execa('mkfifo', ['pipe.jsonl'], { cwd: folder })
})
afterEach(async () => {
  // Has ended, unless the test failed.
  command?.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

function infer(...images: readonly string[]): Command {
  const model = ['--model-dir', join(root, 'models/characters'), '--workers', '1']
  const args = ['infer', ...model, '--output', 'pipe.jsonl', '--verbose', '--img-path', ...images]
  return (command = paddleTs(args, { cwd: folder }))
}

const ended = (running: Command): Promise<Awaited<Command>> => inTime(running, 'the command ends')

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends the wait for the reader of a named pipe', async (signal, exitCode) => {
  const running = infer(image)
  await said(running, waiting)
  running.kill(signal)
  expect(await ended(running)).toMatchObject({ exitCode, stdout: '', stderr: waiting })
  expect(await readdir(folder)).toEqual(['pipe.jsonl'])
})

test('results are written as soon as a process reads the pipe', async () => {
  const running = infer(image, 'no.jpg')
  await said(running, waiting)
  const reader = await execa('cat', ['pipe.jsonl'], { cwd: folder })
  expect((await ended(running)).exitCode).toBe(1)
  expect(reader.stdout.split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
    { image, topK: expect.arrayContaining([expect.objectContaining({ label: 'K' })]) },
    { image: 'no.jpg', error: expect.objectContaining({ code: 'IMAGE_NOT_FOUND' }) },
  ])
})

test('a second Ctrl-C ends a run whose reader has stopped reading', async () => {
  const reader = openSync(join(folder, 'pipe.jsonl'), constants.O_RDWR | constants.O_NONBLOCK)
  try {
    fill(reader)
    const running = infer(image)
    await said(running, ' started in ')
    running.kill('SIGINT')
    await said(running, 'Completing the work in progress; press Ctrl-C again to stop at once.')
    running.kill('SIGINT')
    expect((await ended(running)).exitCode).toBe(130)
  } finally {
    closeSync(reader)
  }
})

test('a reader that ends is an error', async () => {
  const running = infer(image)
  await said(running, waiting)
  // The pipe has a reader for this moment, and none when the result is written.
  closeSync(openSync(join(folder, 'pipe.jsonl'), 'r'))
  const { exitCode, stderr } = await ended(running)
  expect(exitCode).toBe(1)
  expect(stderr).toContain(unread)
})

/** Writes to a pipe until it is full. */
function fill(pipe: number): void {
  const page = Buffer.alloc(4096, '\n')
  try {
    for (;;) writeSync(pipe, page)
  } catch (error) {
    if (codeOf(error) !== 'EAGAIN') throw error
  }
}

import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { AnnotatedFolder } from '../../src/commands/infer/annotated/annotated-folder.js'
import { ResultFile } from '../../src/commands/infer/results/result-file.js'
import { checkTargets, writeReports } from '../../src/commands/benchmark/report/write-reports.js'
import { writeFailure } from '../../src/write-failure.js'
import { outcomeOf } from '../helpers/benchmark-outcome.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'write-failure-'))
  mkdirSync(join(folder, 'folder'))
  writeFileSync(join(folder, 'file'), '')
  symlinkSync('/dev/full', join(folder, 'full'))
  symlinkSync(join(folder, 'gone/file'), join(folder, 'link'))
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'linked'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

async function messageOf(work: () => unknown): Promise<string> {
  try {
    await work()
  } catch (error) {
    return (error as Error).message.replaceAll(folder, '')
  }
  return 'none'
}

const long = 'x'.repeat(300)

describe.each([
  ['nope/x', '(ENOENT): the folder /nope does not exist', 'Create the folder, or use another file.'],
  [
    'link',
    '(ENOENT): it is a link to /gone/file, whose folder does not exist',
    'Create the folder /gone, or use another file.',
  ],
  [
    'linked/x',
    '(ENOENT): /linked is a link to /elsewhere, which does not exist',
    'Create what it links to, or use another file.',
  ],
  [
    'linked/deep/x',
    '(ENOENT): /linked is a link to /elsewhere, which does not exist',
    'Create what it links to, or use another file.',
  ],
  ['file/x', '(ENOTDIR): a part of its path is a file', 'Use another file.'],
  ['folder', '(EISDIR): it is a folder', 'Use another file.'],
  [long, '(ENAMETOOLONG): the name is too long', 'Use a shorter name, or use another file.'],
])('%s', (name, why, advice) => {
  const path = (): string => join(folder, name)
  const message = `/${name} cannot be written ${why}.\n${advice}`

  test('results', async () => {
    expect(await messageOf(() => ResultFile.open(path(), { readable: false }))).toBe(message)
  })

  test('reports of a benchmark', async () => {
    const check = (): void => {
      checkTargets({ json: false, output: path() })
    }
    expect(await messageOf(check)).toBe(message)
  })
})

test('a full disk', async () => {
  const full = join(folder, 'full')
  const message = '/full cannot be written (ENOSPC): the disk is full.\nFree disk space, or use another file.'
  await using file = await ResultFile.open(full, { readable: false })
  expect(await messageOf(() => file.append('a header', undefined, 0))).toBe(message)
  expect(await messageOf(() => file.append('a result'))).toBe(message)
})

test('a pipe that no process reads: the reports of a benchmark do not wait for a reader', async () => {
  const path = join(folder, 'pipe')
  await promisify(execFile)('mkfifo', [path])
  const printed = jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    const write = (): void => {
      writeReports(outcomeOf([]), { json: true, output: path })
    }
    expect(await messageOf(write)).toBe(
      '/pipe cannot be written (ENXIO): no process reads this pipe.\n' +
        'Start the process that reads it, or use another file.',
    )
  } finally {
    printed.mockRestore()
  }
})

test('the folder of annotated images', async () => {
  const save = (name: string) => messageOf(() => AnnotatedFolder.open(join(folder, name)))
  expect(await save(long)).toBe(
    `The folder /${long} cannot be created (ENAMETOOLONG): the name is too long.\n` +
      'Use a shorter name, or use another folder for --save-dir.',
  )
})

test('an error without an explanation', () => {
  expect(writeFailure('x', Object.assign(new Error(), { code: 'EIO' }))).toEqual({
    why: '(EIO)',
    remedy: undefined,
    advice: 'Use another file.',
  })
})

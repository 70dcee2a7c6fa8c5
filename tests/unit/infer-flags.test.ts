import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { predictorFlags } from '../../src/commands/flags/predictor-flags.js'
import { generalFlags } from '../../src/commands/flags/shared-flags.js'
import { eventText, reportText } from '../../src/commands/infer/event-log.js'
import { inferFlags } from '../../src/commands/infer/flags.js'
import { PaddleError } from '../../src/errors.js'
import type { TaskEvent } from '../../src/tasks/index.js'

test('docs/infer.md lists all flags of the command', () => {
  const page = readFileSync(fileURLToPath(new URL('../../docs/infer.md', import.meta.url)), 'utf8')
  const [table] = /^\| flag .*?\n\n/ms.exec(page) ?? []
  const inTable = [...table!.matchAll(/^\| `--([\w-]+)/gm)].map(([, flag]) => flag!)
  const own = Object.keys({ ...inferFlags, ...generalFlags }).filter((flag) => !(flag in predictorFlags))
  // Three of the predictor's flags are explained there too.
  expect(inTable.sort()).toEqual([...own, 'cpu-threads', 'device', 'timeout-ms'].sort())
})

const at = { worker: 1, pid: 42 }
const ended = { ...at, type: 'workerExit', runs: 3, exitCode: null, signal: null } as const
const died = new PaddleError('WORKER_DIED', 'The worker died with SIGSEGV during `run` (m).', {
  short: 'The worker died with SIGSEGV during `run`.',
  details: { signal: 'SIGSEGV', exitCode: null, during: 'run', output: 'Fatal' },
  report: () => 'paddle-ts 1\nFatal',
})
const late = new PaddleError('TIMEOUT', 'A run took longer than 5 ms.', { advice: 'Give it more time.' })

describe('--verbose', () => {
  test.each<[TaskEvent, string]>([
    [{ ...at, type: 'workerStart', startMs: 812.4 }, 'Worker 1 (pid 42) started in 812 ms.'],
    [
      { ...ended, exitCode: 0, expected: true, error: undefined },
      'Worker 1 (pid 42) was stopped after 3 runs.',
    ],
    [
      { ...ended, signal: 'SIGSEGV', expected: false, error: undefined, runs: 1 },
      'Worker 1 (pid 42) exited after 1 run with SIGSEGV.',
    ],
    [
      { ...ended, exitCode: 3, expected: false, error: undefined },
      'Worker 1 (pid 42) exited after 3 runs with exit code 3.',
    ],
    [
      { ...ended, pid: undefined, runs: 0, expected: false, error: late },
      'Worker 1 exited after 0 runs. A run took longer than 5 ms.',
    ],
    [
      { ...at, type: 'retry', attempt: 2, retries: 2, error: late },
      'Worker 1 (pid 42) failed in attempt 1 of 3. Retrying. A run took longer than 5 ms.',
    ],
    [
      { type: 'split', inputs: ['a.jpg', 'b.jpg'], error: died },
      '2 images are retried one by one. The worker died with SIGSEGV during `run`.',
    ],
    [
      { type: 'quarantine', input: 'a.jpg', error: late },
      'a.jpg is quarantined. A run took longer than 5 ms.',
    ],
    [
      { ...at, type: 'recycle', reason: 'maxRssMb', runs: 9, rssBytes: 800 * 2 ** 20 },
      'Worker 1 (pid 42) is recycled: 800 MiB in use (--max-rss-mb).',
    ],
    [
      { ...at, type: 'recycle', reason: 'maxRunsPerWorker', runs: 9, rssBytes: undefined },
      'Worker 1 (pid 42) is recycled: 9 runs (--max-runs-per-worker).',
    ],
  ])('%#', (event, text) => {
    expect(eventText(event)).toBe(`${text}\n`)
  })
})

test('--verbose: a crash report is indented', () => {
  expect(reportText('paddle-ts 1\nFatal\n')).toBe('Crash report for a bug report:\n  paddle-ts 1\n  Fatal\n')
})

import { expect, test } from '@jest/globals'
import { describeDeath } from '../../src/python/index.js'

test.each([
  [{ exitCode: 3, signal: null, output: '' }, 'ended with exit code 3 while it ran.'],
  [
    { exitCode: null, signal: 'SIGKILL', output: 'a\nb' },
    'died with SIGKILL while it ran. Last lines of its output:\na\nb',
  ],
  [
    { exitCode: null, signal: 'SIGTERM', output: '', broken: 'it sent an invalid message: "x"' },
    'broke the protocol while it ran: it sent an invalid message: "x".',
  ],
  [
    { exitCode: null, signal: null, output: '', startError: 'spawn /x EACCES' },
    'could not be started while it ran: spawn /x EACCES.',
  ],
  [{}, 'ended with exit code unknown while it ran.'],
] as const)('the end %j in words', (death, words) => {
  expect(describeDeath(death, ' while it ran')).toBe(words)
})

import { test } from '@jest/globals'

type Test = (title: string, run: () => Promise<void> | void, timeout?: number) => void

/**
 * `test` where the machine has what the test needs, else it is skipped, and its name says why. Root can have it anywhere but in a container
 * that forbids it: with `byRoot`, it fails for root under CI=true instead, so that no CI leaves it out unseen.
 */
export function testWhere(isThere: boolean, why: string, { byRoot = false } = {}): Test {
  if (isThere) return test
  if (byRoot && process.env['CI'] === 'true' && process.getuid?.() === 0) {
    return (title) => {
      test(title, () => {
        throw new Error(`This test must not be left out of a CI that root runs: ${why}.`)
      })
    }
  }
  return (title, run) => {
    test.skip(`${title} (skipped: ${why})`, run)
  }
}

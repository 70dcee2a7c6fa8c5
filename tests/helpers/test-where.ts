import { test } from '@jest/globals'

type Test = (title: string, run: () => Promise<void> | void, timeout?: number) => void

/**
 * `test` if the machine meets the test's requirement; else the test is skipped, with the reason in its title.
 * Root can meet it anywhere but in a container that forbids it: with `byRoot`, the test fails for root under
 * CI=true instead, so that no CI skips it unnoticed.
 */
export function testWhere(isThere: boolean, why: string, { byRoot = false } = {}): Test {
  if (isThere) return test
  if (byRoot && process.env['CI'] === 'true' && process.getuid?.() === 0) {
    return (title) => {
      test(title, () => {
        throw new Error(`A CI that runs as root must not skip this test: ${why}.`)
      })
    }
  }
  return (title, run) => {
    test.skip(`${title} (skipped: ${why})`, run)
  }
}

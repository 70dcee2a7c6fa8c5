import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, test } from '@jest/globals'

const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

/**
 * The folder of trained models and images: `PADDLE_TS_TEST_DATA`, else `../shared/real` next to the project.
 */
export const realModels = resolve(process.env['PADDLE_TS_TEST_DATA'] ?? join(projectRoot, '../shared/real'))

/**
 * `describe` for tests that need the trained models: without these it skips the tests, but fails under
 * CI=true, where only PADDLE_TS_TEST_DATA=none skips them.
 */
export function describeReal(title: string, tests: () => void): void {
  if (existsSync(join(realModels, 'README.md'))) {
    describe(title, tests)
  } else if (process.env['CI'] === 'true' && process.env['PADDLE_TS_TEST_DATA'] !== 'none') {
    test(title, () => {
      throw new Error(`No trained models at ${realModels}: set PADDLE_TS_TEST_DATA.`)
    })
  } else {
    describe.skip(`${title} (skipped: no trained models at ${realModels}, set PADDLE_TS_TEST_DATA)`, tests)
  }
}

import { statSync } from 'node:fs'
import { basename } from 'node:path'

// Test files that take more than about half a minute, longest first, so that a long one does not start last.
const longest = [
  ...[
    'docs',
    'bundlers',
    'package',
    'killed-workers',
    'examples',
    'readme',
    'migrating-docs',
    'resume',
    'setup',
    'infer',
    'retries',
    'benchmark',
    'set-up',
    'export',
    'export-docs',
    'command-line',
    'cli-docs',
  ],
  ...['infer-predictor', 'set-up-failures', 'image-parity', 'inspect-convert', 'one-dnn', 'config-refusals'],
]

/** The order in which Jest starts the test files: the longest first, the others by size. */
export default class LongestFirst {
  sort(tests) {
    const rank = ({ path }) => {
      const found = longest.indexOf(basename(path, '.test.ts'))
      return found === -1 ? longest.length : found
    }
    const size = ({ path }) => statSync(path).size
    return [...tests].sort((a, b) => rank(a) - rank(b) || size(b) - size(a))
  }

  /** For `jest --onlyFailures`, which needs cached results; there are none, so this returns all. */
  allFailedTests(tests) {
    return tests
  }

  /** Ignores the durations that Jest measured; the order is fixed. */
  cacheResults() {}
}

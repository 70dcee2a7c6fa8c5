import { statSync } from 'node:fs'
import { basename } from 'node:path'

// Test files that take more than about half a minute, the longest first: what starts last should not be what takes long.
const longest = [
  ...[
    'docs',
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

/** The order in which Jest starts the test files: those that take longest first, the others by their size. */
export default class LongestFirst {
  sort(tests) {
    const rank = ({ path }) => {
      const found = longest.indexOf(basename(path, '.test.ts'))
      return found === -1 ? longest.length : found
    }
    const size = ({ path }) => statSync(path).size
    return [...tests].sort((a, b) => rank(a) - rank(b) || size(b) - size(a))
  }

  /** Those of `jest --onlyFailures`, which goes by results that are not kept: all. */
  allFailedTests(tests) {
    return tests
  }

  /** Jest tells its sequencer what it has measured; this one goes by what it knows. */
  cacheResults() {}
}

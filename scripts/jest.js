import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root, runBeside, say } from './run.js'

/**
 * Runs Jest with `args`; returns its exit code and the counts of its report. `together` is that of
 * `runBeside`.
 */
export async function runJest(args, { report, env = {}, together = false }) {
  const nodeOptions = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`
  mkdirSync(dirname(report), { recursive: true })
  const code = await runBeside(
    process.execPath,
    [join(root, 'node_modules/jest/bin/jest.js'), '--json', `--outputFile=${report}`, ...args],
    { env: { ...env, NODE_OPTIONS: nodeOptions.trim() }, together },
  )
  return counted(code, report, (text) => {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(text)
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites }
  })
}

/**
 * The counts of a report. A missing report, or a failure that the report does not list, counts as one
 * failure.
 */
export function counted(code, report, read) {
  let counts = { passed: 0, failed: 0 }
  try {
    counts = read(readFileSync(report, 'utf8'))
  } catch (error) {
    say(`Cannot read the test report: ${error.message}`)
  }
  return { code, passed: counts.passed, failed: counts.failed || (code === 0 ? 0 : 1) }
}

/** Prints the totals as `N passed, N failed` and sets the exit code. */
export function conclude(results) {
  const passed = sum(results.map((result) => result.passed))
  const failed = sum(results.map((result) => result.failed))
  process.exitCode = results.every(({ code }) => code === 0) && failed === 0 ? 0 : 1
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}
